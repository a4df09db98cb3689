import type { Career } from "../../careers";
import { UserError } from "../../errors";
import { TitleSet } from "../../occupations";

/** What a model may know of a person-year besides the career so far. */
export const COVARIATES = ["year", "education", "ethnicity", "gender", "region", "birthYear"] as const;
export type CovariateName = (typeof COVARIATES)[number];

/** Level 0 of each covariate: the value is missing, or a word that was never seen. */
export const MISSING = 0;

/** The titles and the levels of the covariates that a model has embeddings of. */
export interface JobVocabulary {
  readonly titles: TitleSet;
  /** Levels of each covariate of the model, without the missing one; years ascending. */
  readonly levels: Readonly<Partial<Record<CovariateName, readonly (string | number)[]>>>;
}

/** The levels that occur in the training careers. */
export function jobVocabulary(
  titles: TitleSet,
  careers: readonly Career[],
  covariates: readonly CovariateName[] = COVARIATES,
): JobVocabulary {
  const levels: Partial<Record<CovariateName, (string | number)[]>> = {};
  for (const name of COVARIATES.filter((covariate) => covariates.includes(covariate))) {
    const seen = new Set<string | number>();
    for (const career of careers) {
      career.observations.forEach((_, t) => {
        const value = covariateOf(career, t, name);
        if (value !== undefined) seen.add(value);
      });
    }
    levels[name] = isNumeric(name) ? ([...seen] as number[]).sort((a, b) => a - b) : [...seen].sort();
  }
  return { titles, levels };
}

/**
 * A career as numbers, (T) person-years.
 * @throws UserError if a title is none of the vocabulary's
 */
export interface EncodedCareer {
  /** (T) index of the title held. */
  titles: Int32Array;
  /** (T) index of the title before it; -1 for the first. */
  previous: Int32Array;
  /** (C, T) level of each covariate, covariate after covariate. */
  levels: Int32Array;
  /** How much a person-year counts in the loss; 1 unless given. */
  weight?: number;
  /** Person-years at the front that are read and not predicted; none unless given. */
  given?: number;
}

/** Person-years that are predicted. */
export function predictedYears({ titles, given = 0 }: EncodedCareer): number {
  return titles.length - given;
}

/** Encodes careers of one vocabulary. */
export class CareerEncoder {
  private readonly names: CovariateName[];
  private readonly index: Map<CovariateName, Map<string | number, number>>;

  constructor(private readonly vocabulary: JobVocabulary) {
    this.names = covariatesOf(vocabulary);
    this.index = new Map(
      this.names.map((name) => [
        name,
        new Map(vocabulary.levels[name]!.map((value, i) => [value, i + 1] as const)),
      ]),
    );
  }

  /** @throws UserError if a title is none of the vocabulary's, or the career is empty */
  encode(career: Career): EncodedCareer {
    const T = career.observations.length;
    if (T === 0) {
      throw new UserError(
        `person ${career.person} has no person-years`,
        "Leave out persons without observations.",
      );
    }
    const titles = Int32Array.from(career.observations, ({ title }) => this.vocabulary.titles.indexOf(title));
    const previous = Int32Array.from(titles, (_, t) => (t === 0 ? -1 : titles[t - 1]));
    const levels = new Int32Array(this.names.length * T);
    this.names.forEach((name, c) => {
      for (let t = 0; t < T; t++) levels[c * T + t] = this.level(name, covariateOf(career, t, name));
    });
    return { titles, previous, levels, ...(career.given ? { given: career.given } : {}) };
  }

  /** A year never seen counts as the nearest one seen; a word never seen as missing. */
  private level(name: CovariateName, value: string | number | undefined): number {
    if (value === undefined) return MISSING;
    const found = this.index.get(name)!.get(value);
    if (found !== undefined) return found;
    if (typeof value !== "number") return MISSING;
    const known = this.vocabulary.levels[name] as readonly number[];
    if (known.length === 0) return MISSING;
    return (
      known.reduce((best, year, i) => (distance(year, value) < distance(known[best], value) ? i : best), 0) +
      1
    );
  }
}

/** The covariates that a vocabulary has, in the order in which a career's levels stand. */
export function covariatesOf({ levels }: JobVocabulary): CovariateName[] {
  return COVARIATES.filter((name) => levels[name] !== undefined);
}

function covariateOf(career: Career, t: number, name: CovariateName): string | number | undefined {
  if (name === "year" || name === "education") return career.observations[t][name];
  return career.covariates[name];
}

function isNumeric(name: CovariateName): boolean {
  return name === "year" || name === "birthYear";
}

const distance = (a: number, b: number) => Math.abs(a - b);

/** A vocabulary as JSON. */
export interface StoredVocabulary {
  titles: readonly string[];
  levels: JobVocabulary["levels"];
}

export function storeVocabulary({ titles, levels }: JobVocabulary): StoredVocabulary {
  return { titles: titles.titles, levels };
}

/** @throws UserError if it is no vocabulary */
export function restoreVocabulary(stored: unknown, source: string): JobVocabulary {
  const { titles, levels } = (stored ?? {}) as StoredVocabulary;
  const fits =
    Array.isArray(titles) &&
    titles.every((title) => typeof title === "string") &&
    typeof levels === "object" &&
    levels !== null &&
    Object.entries(levels).every(
      ([name, values]) =>
        COVARIATES.includes(name as CovariateName) &&
        Array.isArray(values) &&
        values.every((value) => typeof value === (isNumeric(name as CovariateName) ? "number" : "string")),
    );
  if (!fits) throw new UserError(`${source}: the vocabulary is malformed`, "Write the model again.");
  return { titles: new TitleSet(titles), levels };
}
