import type { TitleSet } from "../../occupations";
import { type Design, designBlock, type Entry } from "./design";
import type { PersonYearHistory } from "./history";

/**
 * What a logit can depend on. Titles, year, education, gender, ethnicity and region are effects, one a level, and a
 * missing value is a level; "gap" and "education change" are dummies; the others are linear:
 * "tenure" and "experience" count observations as in CAREER's regression, "age" brings its square.
 */
export const logitTerms = [
  "previous title",
  "title before",
  "education",
  "education change",
  "gender",
  "ethnicity",
  "region",
  "gap",
  "year",
  "tenure",
  "experience",
  "age",
] as const;
export type LogitTerm = (typeof logitTerms)[number];

export const AGE_SQUARED = "age squared / 100";

/** A column of the design. */
export interface LogitFeature {
  term: LogitTerm | "intercept" | typeof AGE_SQUARED;
  /** Of an effect. */
  level?: string;
}

/** A column and, of a linear one, how it is standardised: all that encoding new rows takes. */
export interface EncodedFeature extends LogitFeature {
  standard?: Standard;
}

/** How a linear feature was brought to mean 0 and standard deviation 1 on the training rows. */
interface Standard {
  mean: number;
  deviation: number;
}

const MISSING = "(missing)";
const FIRST = "(first observation)";
const NONE = "(none)";

type Level = (row: PersonYearHistory) => string | undefined;

/** The level of each effect; undefined where the effect does not apply. */
function effects(titles: TitleSet): Partial<Record<LogitTerm, Level>> {
  return {
    "previous title": ({ previous }) => (previous < 0 ? FIRST : titles.titles[previous]),
    "title before": ({ before }) => (before < 0 ? NONE : titles.titles[before]),
    education: ({ education }) => education ?? MISSING,
    "education change": ({ educationChange }) => (educationChange ? "yes" : undefined),
    gender: ({ covariates }) => covariates.gender ?? MISSING,
    ethnicity: ({ covariates }) => covariates.ethnicity ?? MISSING,
    region: ({ covariates }) => covariates.region ?? MISSING,
    gap: ({ gap }) => (gap ? "yes" : undefined),
    year: ({ year }) => String(year),
    age: ({ covariates }) => (covariates.birthYear === undefined ? MISSING : undefined),
  };
}

/** Terms of which every row has a level: with an intercept beside them one level must go, or none is identified. */
const exhaustive: readonly LogitTerm[] = [
  "previous title",
  "title before",
  "education",
  "gender",
  "ethnicity",
  "region",
  "year",
];

const linear: Partial<Record<LogitTerm, (row: PersonYearHistory) => number[] | undefined>> = {
  tenure: ({ tenure }) => [tenure],
  experience: ({ experience }) => [experience],
  age: ({ year, covariates: { birthYear } }) =>
    birthYear === undefined ? undefined : [year - birthYear, (year - birthYear) ** 2 / 100],
};

/** Terms whose values come together in few combinations; a block of the design each. */
const blocks: readonly (readonly LogitTerm[])[] = [
  ["previous title"],
  ["title before"],
  ["education", "education change", "gender", "ethnicity", "region", "gap"],
  ["year", "tenure", "experience", "age"],
];

/**
 * The columns of a design, as training careers have them: a level that they never had has no column, no effect.
 * @param contrasts leave out the most frequent level of each exhaustive effect, so that coefficients are identified
 * without a penalty
 */
export function careerFeatures(
  terms: readonly LogitTerm[],
  rows: readonly PersonYearHistory[],
  titles: TitleSet,
  { contrasts = false } = {},
): CareerFeatures {
  const levels = effects(titles);
  const features: EncodedFeature[] = [{ term: "intercept" }];
  for (const term of logitTerms) {
    if (!terms.includes(term)) continue;
    const level = levels[term];
    if (level !== undefined) {
      const counts = sortedCounts(rows.map(level));
      const most = Math.max(...counts.values());
      const reference = [...counts].find(([, count]) => count === most)?.[0];
      for (const [value, count] of counts) {
        const leftOut = (exhaustive.includes(term) && value === reference) || count === rows.length;
        if (contrasts && leftOut) continue;
        features.push({ term, level: value });
      }
    }
    if (linear[term] !== undefined) features.push(...linearFeatures(term, rows));
  }
  return new CareerFeatures(terms, features, titles);
}

/** The columns of a linear term, standardised. */
function linearFeatures(term: LogitTerm, rows: readonly PersonYearHistory[]): EncodedFeature[] {
  // Summed over the sorted values, so that the rows' order does not matter to the last digit.
  const known = rows.map((row) => linear[term]!(row)).filter((values) => values !== undefined);
  const counts = sortedCounts(known.map((values) => values.join()));
  const samples = [...counts].map(([key, count]) => ({ values: key.split(",").map(Number), count }));
  return linearNames(term).flatMap((name, i) => {
    const mean = samples.reduce((sum, { values, count }) => sum + count * values[i], 0) / known.length;
    const square = samples.reduce((sum, { values, count }) => sum + count * (values[i] - mean) ** 2, 0);
    const deviation = Math.sqrt(square / known.length);
    // One value for all has no effect to estimate.
    return deviation > 0 ? [{ term: name, standard: { mean, deviation } }] : [];
  });
}

/** Names of the values of a linear term, in their order. */
function linearNames(term: LogitTerm): LogitFeature["term"][] {
  return term === "age" ? ["age", AGE_SQUARED] : [term];
}

/** Encodes person-years as rows of a design. */
export class CareerFeatures {
  private readonly columns: ReadonlyMap<string, number>;
  private readonly levels: Partial<Record<LogitTerm, Level>>;

  /** @param features the columns, the intercept first */
  constructor(
    readonly terms: readonly LogitTerm[],
    readonly features: readonly EncodedFeature[],
    titles: TitleSet,
  ) {
    this.levels = effects(titles);
    this.columns = new Map(features.map(({ term, level }, k) => [columnKey(term, level), k]));
  }

  /**
   * @param raw linear features in their own units, not standardised
   * @returns (N, K)
   */
  encode(rows: readonly PersonYearHistory[], { raw = false } = {}): Design {
    return {
      rows: rows.length,
      features: this.features.length,
      blocks: blocks.flatMap((group, b) => {
        const terms = group.filter((term) => this.terms.includes(term));
        const intercept: Entry[] = b === blocks.length - 1 ? [{ feature: 0, value: 1 }] : [];
        if (terms.length === 0 && intercept.length === 0) return [];
        const keys = rows.map((row) => terms.map((term) => this.key(term, row)).join("\t"));
        return designBlock(keys, (n) => [
          ...intercept,
          ...terms.flatMap((term) => this.entries(term, rows[n], raw)),
        ]);
      }),
    };
  }

  /** Weights of standardised features as those of raw ones: the same logits. (K, J) to (K, J). */
  rawWeights(weights: Float64Array, J: number): Float64Array {
    const raw = Float64Array.from(weights);
    this.features.forEach(({ standard }, k) => {
      if (standard === undefined) return;
      for (let j = 0; j < J; j++) {
        raw[k * J + j] /= standard.deviation;
        raw[j] -= standard.mean * raw[k * J + j];
      }
    });
    return raw;
  }

  private key(term: LogitTerm, row: PersonYearHistory): string {
    const level = this.levels[term]?.(row) ?? "";
    const values = linear[term]?.(row);
    return values === undefined ? level : `${level} ${values[0]}`;
  }

  private entries(term: LogitTerm, row: PersonYearHistory, raw: boolean): Entry[] {
    const entries: Entry[] = [];
    const level = this.levels[term]?.(row);
    const feature = level === undefined ? undefined : this.columns.get(columnKey(term, level));
    if (feature !== undefined) entries.push({ feature, value: 1 });
    linear[term]?.(row)?.forEach((value, i) => {
      const column = this.columns.get(columnKey(linearNames(term)[i]));
      if (column === undefined) return;
      const { mean, deviation } = this.features[column].standard!;
      entries.push({ feature: column, value: raw ? value : (value - mean) / deviation });
    });
    return entries;
  }
}

const columnKey = (term: LogitFeature["term"], level = "") => `${term}\t${level}`;

/** How often each value occurs, in the order of the values. */
function sortedCounts(values: readonly (string | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
