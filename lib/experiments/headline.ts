import { clusterRobustDifference } from "../metrics/cluster-robust";
import { onCommonPersons } from "../metrics/common-persons";
import type { ComparisonOptions } from "../metrics/compare";
import { personTotals } from "../metrics/perplexity";
import {
  type FitsOfMethod,
  meanOverFits,
  type WholeDifference,
  wholeDifference,
} from "../metrics/whole-error";
import type { TitleDistribution } from "../models/title-distribution";
import { type ErrorFailure, type ErrorPlan, type ErrorSources, tryErrorSources } from "./audit-errors";
import { type ClaimRow, judgeOrders, type OrderClaim, pOf, verdictOn } from "./claims";
import type { Comparison } from "./compare-methods";
import { allPersonsScored, paperMethods } from "./paper-methods";
import type { Profile, SurveyPlan } from "./profile";

/** How often the methods of headline claims are fitted on the profile's first survey (`Profile.headline`). */
export function headlinePlans(profile: Profile, plan: SurveyPlan = profile.surveys[0]): ErrorPlan[] {
  return paperMethods(profile, allPersonsScored(plan)).flatMap(({ label, experiment }) => {
    const fits = profile.headline[label];
    return fits === undefined ? [] : [{ label, experiment, ...fits }];
  });
}

/** The fits of the methods of headline claims: made, or taken up from where they are cached; what failed is a row that says why. */
export async function headlineFits(
  profile: Profile,
  plan: SurveyPlan = profile.surveys[0],
): Promise<(ErrorSources | ErrorFailure)[]> {
  const found: (ErrorSources | ErrorFailure)[] = [];
  for (const one of headlinePlans(profile, plan)) found.push(await tryErrorSources(one));
  return found;
}

/** A claim and what its verdict rests on. */
export type HeadlineRow = ClaimRow & {
  survey: string;
  /** Over test persons, seeds and training samples together; absent where the fit is held fixed. */
  "whole error, nats"?: number;
  "degrees of freedom"?: number;
  /** What the whole error is over: "114 persons, 3 seeds, 3 training samples". */
  "whole error over"?: string;
};

/**
 * Claims of one survey as `judgeOrders`, but those on two methods of which there are several fits: ours is then the mean
 * over the fits, and the verdict is by the whole error (`wholeDifference`). "standard error" stays that over test persons.
 */
export function judgeHeadlines(
  comparison: Pick<Comparison, "survey" | "distributions">,
  claims: readonly OrderClaim[],
  fits: readonly (ErrorSources | ErrorFailure)[],
  options: Omit<ComparisonOptions, "reference"> = {},
): HeadlineRow[] {
  const { survey, distributions } = comparison;
  const sources = fits.filter((one): one is ErrorSources => !("reason" in one));
  const named = (wanted: string) => sources.find((one) => one.label === wanted && one.survey === survey);
  return claims.flatMap((claim): HeadlineRow[] => {
    const [lower, higher] = [named(claim.lower), named(claim.higher)];
    return judgeOrders(comparison, [claim], options).map((row): HeadlineRow => {
      if (lower === undefined || higher === undefined) return row;
      // Who the persons are is known in the comparison: one of the methods may have been asked of fewer.
      const both = { lower: distributions[claim.lower], higher: distributions[claim.higher] };
      const rows = onCommonPersons(both).lower;
      const low = onPersons(lower.fits, both.lower, rows);
      const high = onPersons(higher.fits, both.higher, rows);
      const { kind = "all" } = claim;
      const whole = wholeDifference(rows, low, high, kind);
      const totals = ({ seeds }: FitsOfMethod) => personTotals(rows, meanOverFits(seeds))[kind];
      const inPerplexity = clusterRobustDifference(totals(high), totals(low));
      const lacking = withoutInWords(whole, claim);
      return {
        ...row,
        ours: inPerplexity.value,
        "standard error": inPerplexity.standardError,
        "ours, nats": whole.value,
        "standard error, nats": whole.overPersons.error,
        "whole error, nats": whole.standardError,
        "degrees of freedom": whole.degrees,
        "whole error over": sourcesIn(whole),
        p: pOf(claim, whole),
        verdict: `${verdictOn(claim, whole)}${lacking}`,
      };
    });
  });
}

/** Fits on those persons alone that some rows are of. */
function onPersons(fits: FitsOfMethod, { person }: TitleDistribution, rows: TitleDistribution): FitsOfMethod {
  if (rows.person.length === person.length) return fits;
  const persons = new Set(rows.person);
  const pick = (values: Float64Array) => values.filter((_, n) => persons.has(person[n]));
  return { ...fits, seeds: fits.seeds.map(pick), resamples: fits.resamples.map(pick) };
}

function sourcesIn({ overPersons, overSeeds, overSamples }: WholeDifference): string {
  return [
    `${overPersons.of} persons`,
    ...(overSeeds === undefined ? [] : [`${overSeeds.of} seeds`]),
    ...(overSamples === undefined ? [] : [`${overSamples.of} training samples`]),
  ].join(", ");
}

/** " (the error is without seeds and training samples of Fine-tuned)"; nothing where it is whole. */
function withoutInWords({ without }: WholeDifference, claim: OrderClaim): string {
  const words = (["lower", "higher"] as const).flatMap((which) => {
    const lacking = without.filter(({ of }) => of === which).map(({ source }) => source);
    return lacking.length === 0 ? [] : [`${lacking.join(" and ")} of ${claim[which]}`];
  });
  return words.length === 0 ? "" : ` (the error is without ${words.join(", ")})`;
}
