import type { Covariates } from "../../careers";
import { UserError } from "../../errors";
import { quote } from "../../quote";
import { lawEthnicities, lawGenders, lawRegions } from "./parameters";
import type { LawPerson } from "./person";

/** How often each value of a covariate occurs among the persons of a survey; only missing values need it. */
export interface CovariateShares {
  gender: Partial<Record<string, number>>;
  ethnicity: Partial<Record<string, number>>;
  region: Partial<Record<string, number>>;
  /** P(birth year): needed for careers without one. */
  birthYear?: readonly { birthYear: number; share: number }[];
  /** (5): education in the first year, whoever the person is; that of the law by default. */
  firstEducation?: readonly number[];
  /** P(first seen in the year | birth year); 1 by default. */
  entry?: (year: number, birthYear: number) => number;
}

/** A person whom the covariates allow, and how likely before any observation. */
export interface Hypothesis {
  person: LawPerson;
  share: number;
}

/**
 * All persons who agree with the covariates: one where none is missing.
 * @throws UserError where a covariate has a value that the law does not know
 */
export function hypothesesOf(
  covariates: Covariates,
  shares: CovariateShares,
  firstYear: number,
  who: string,
): Hypothesis[] {
  const field = (name: "gender" | "ethnicity" | "region", values: readonly string[]) => {
    const value = covariates[name];
    if (value === undefined) {
      return values
        .map((own, index) => ({ index, share: shares[name][own] ?? 0 }))
        .filter(({ share }) => share > 0);
    }
    const index = values.indexOf(value);
    if (index === -1) {
      throw new UserError(
        `${who}: the law knows no ${name} ${quote(String(value))}`,
        `Its values are ${values.join(", ")}.`,
      );
    }
    return [{ index, share: 1 }];
  };
  const births =
    covariates.birthYear === undefined
      ? (shares.birthYear ?? []).map(({ birthYear, share }) => ({
          birthYear,
          share: share * (shares.entry?.(firstYear, birthYear) ?? 1),
        }))
      : [{ birthYear: covariates.birthYear, share: 1 }];
  if (births.length === 0) {
    throw new UserError(`${who}: no birth year`, "The law depends on age; give the birth year.");
  }
  const found: Hypothesis[] = [];
  for (const gender of field("gender", lawGenders)) {
    for (const ethnicity of field("ethnicity", lawEthnicities)) {
      for (const region of field("region", lawRegions)) {
        for (const { birthYear, share } of births) {
          const all = gender.share * ethnicity.share * region.share * share;
          if (all === 0) continue;
          found.push({
            person: { gender: gender.index, ethnicity: ethnicity.index, region: region.index, birthYear },
            share: all,
          });
        }
      }
    }
  }
  return found;
}
