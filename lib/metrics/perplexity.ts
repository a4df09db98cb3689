import { UserError } from "../errors";
import {
  type ObservedScores,
  observedScores,
  type PersonYearRows,
  type TitleDistribution,
} from "../predictions";
import { ROW_KINDS, type RowKind, transitionKind } from "./rows";

export interface PerplexityOptions {
  /** Person-years to measure on. Default "all". */
  by?: RowKind;
  /** Weigh each person-year by its survey weight: the mean is sum w x / sum w. Default false. */
  weighted?: boolean;
}

/**
 * exp(mean over person-years of -ln P(observed title)), a person's first observation included (Vafa et al. 2024,
 * evaluation code). Per person-year, never per token. Infinity if a title happened that the model held
 * impossible; NaN if there is no person-year of the kind, or none that weighs anything.
 * @param scores P(title) as the model gives it, the papers' headline; or `normalisedScores`
 * @throws UserError if weights are asked for and a person-year has none
 */
export function perplexity(scores: ObservedScores, options: PerplexityOptions = {}): number {
  const surprise = surprisal(scores);
  const { by = "all" } = options;
  const weight = options.weighted ? weightsOf(scores) : undefined; // (N)
  let total = 0;
  let count = 0;
  for (let n = 0; n < surprise.length; n++) {
    if (by !== "all" && transitionKind(scores, n) !== by) continue;
    if (weight === undefined) {
      total += surprise[n];
      count++;
    } else if (weight[n] > 0) {
      total += weight[n] * surprise[n];
      count += weight[n];
    }
  }
  return Math.exp(total / count);
}

/** (N): the survey weights. @throws UserError if a person-year has none */
export function weightsOf({ weight, person, year }: PersonYearRows): Float64Array {
  const n = weight === undefined ? 0 : weight.findIndex((w) => !(w >= 0 && w < Infinity));
  if (weight !== undefined && n < 0) return weight;
  const where = weight === undefined ? "" : `, for example in row ${n} (person ${person[n]}, ${year[n]})`;
  throw new UserError(
    `person-years have no survey weight${where}`,
    "Read the survey with its weights, or measure without them.",
  );
}

/**
 * (N): -ln P(observed title), in nats.
 * @throws Error if a probability is not a number or above one: a fault of the model, not of the data
 */
export function surprisal({ observedLogProbability }: ObservedScores): Float64Array {
  return observedLogProbability.map((logP, n) => {
    if (!(logP <= ROUNDING)) {
      throw new Error(`row ${n}: the log-probability of the observed title is ${logP}, not at most 0`);
    }
    return -logP;
  });
}

/**
 * P(title) divided by the mass on all valid titles, as if the model had been told which titles exist: what normalised
 * perplexities are of.
 * @throws Error as `logMass`
 */
export function normalisedScores(distribution: TitleDistribution): ObservedScores {
  const scores = observedScores(distribution);
  return {
    ...scores,
    observedLogProbability: scores.observedLogProbability.map((logP, n) =>
      // Impossible is impossible, also among the valid titles.
      logP === -Infinity ? logP : logP - logMass(distribution, n),
    ), // (N)
  };
}

/** Log-probabilities are stored in single precision: a certain title may come out this much above 0. */
const ROUNDING = 1e-4;

/** Below this, `validMass` loses digits in single precision (or is 0) while its logarithm is still known. */
const SMALL = 1e-30;

/**
 * ln of the probability of all valid titles together, in row n.
 * @throws Error if it is none: a fault of the model
 */
export function logMass({ validMass, logProbability, titles }: TitleDistribution, n: number): number {
  if (!(validMass[n] >= 0 && validMass[n] <= 1 + ROUNDING)) {
    throw new Error(`row ${n}: the mass on valid titles is ${validMass[n]}, not between 0 and 1`);
  }
  if (validMass[n] > SMALL) return Math.log(validMass[n]);
  const row = logProbability.subarray(n * titles.size, (n + 1) * titles.size); // (J)
  const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
  return top + Math.log(row.reduce((sum, logP) => sum + Math.exp(logP - top), 0));
}

/** A sum over each person's rows and their number; a mean over rows is a ratio of two sums over persons. */
export interface PersonTotals {
  /** (persons) */
  readonly total: Float64Array;
  /** (persons): rows of the kind, or the sum of their weights; 0 where a person has none. */
  readonly count: Float64Array;
}

/**
 * Totals by person of one value per row, for each kind of row, so that a resample of persons costs one pass over
 * persons. Persons stand in the order of their index, those without any row left out.
 * @param value (N)
 * @param weight (N): what each row counts; default one. The value of a row of weight zero does not matter.
 */
export function personTotals(
  rows: PersonYearRows,
  value: ArrayLike<number>,
  weight?: ArrayLike<number>,
): Record<RowKind, PersonTotals> {
  const { person } = rows;
  const persons = [...new Set(person)].sort((a, b) => a - b);
  const position = new Map(persons.map((id, i) => [id, i]));
  const totals = Object.fromEntries(
    ROW_KINDS.map((kind) => [
      kind,
      { total: new Float64Array(persons.length), count: new Float64Array(persons.length) },
    ]),
  ) as Record<RowKind, PersonTotals>;
  for (let n = 0; n < person.length; n++) {
    const i = position.get(person[n])!;
    for (const kind of ["all", transitionKind(rows, n)] as const) {
      if (weight === undefined) {
        totals[kind].total[i] += value[n];
        totals[kind].count[i]++;
      } else if (weight[n] > 0) {
        totals[kind].total[i] += weight[n] * value[n];
        totals[kind].count[i] += weight[n];
      }
    }
  }
  return totals;
}

/**
 * The mean over rows.
 * @param weight (persons): how often each person counts; default once. A person who counts zero times does not
 * matter, be their total infinite.
 */
export function weightedMean({ total, count }: PersonTotals, weight?: ArrayLike<number>): number {
  let sum = 0;
  let rows = 0;
  for (let i = 0; i < total.length; i++) {
    const times = weight === undefined ? 1 : weight[i];
    if (times === 0) continue;
    sum += times * total[i];
    rows += times * count[i];
  }
  return sum / rows;
}
