import type { TitleDistribution } from "../models/title-distribution";
import { type BootstrapOptions, bootstrapByPerson } from "./bootstrap";
import { personTotals, weightedMean } from "./perplexity";
import { checkSameRows } from "./rows";

/** How far apart two distributions over titles are in each person-year, both normalised over the titles. */
export interface RowShifts {
  /** (N): half the sum of absolute differences, 0 to 1: the probability that changed places. */
  totalVariation: Float64Array;
  /** (N): Jensen-Shannon divergence in nats, 0 to ln 2 (Lin 1991). */
  jensenShannon: Float64Array;
}

/** Means over person-years with errors over persons. */
export interface DistributionShift {
  totalVariation: number;
  totalVariationError: number;
  jensenShannon: number;
  jensenShannonError: number;
  /** Share of person-years whose most probable title is another one. */
  topChanged: number;
  topChangedError: number;
}

/** @throws UserError if the two are not of the same person-years */
export function rowShifts(a: TitleDistribution, b: TitleDistribution): RowShifts {
  checkSameRows({ a, b });
  const N = a.observed.length;
  const shifts = { totalVariation: new Float64Array(N), jensenShannon: new Float64Array(N) };
  for (let n = 0; n < N; n++) {
    const [p, q] = [normalisedRow(a, n), normalisedRow(b, n)]; // (J)
    p.forEach((pj, j) => {
      const middle = (pj + q[j]) / 2;
      shifts.totalVariation[n] += Math.abs(pj - q[j]) / 2;
      shifts.jensenShannon[n] += (part(pj, middle) + part(q[j], middle)) / 2;
    });
  }
  return shifts;
}

/**
 * How far a model's answers moved, person-year by person-year, for example when titles were put in other words.
 * Errors are from a bootstrap over persons.
 * @throws UserError as `rowShifts`
 */
export function distributionShift(
  a: TitleDistribution,
  b: TitleDistribution,
  options: BootstrapOptions = {},
): DistributionShift {
  const { totalVariation, jensenShannon } = rowShifts(a, b);
  const changed = Float64Array.from(a.observed, (_, n) => (top(a, n) === top(b, n) ? 0 : 1));
  const totals = [totalVariation, jensenShannon, changed].map((values) => personTotals(a, values).all);
  const persons = totals[0].total.length;
  const [tv, js, moved] = bootstrapByPerson(
    persons,
    (times) => totals.map((one) => weightedMean(one, times)),
    options,
  );
  return {
    totalVariation: tv.value,
    totalVariationError: tv.standardError,
    jensenShannon: js.value,
    jensenShannonError: js.standardError,
    topChanged: moved.value,
    topChangedError: moved.standardError,
  };
}

function normalisedRow({ logProbability, titles: { size } }: TitleDistribution, n: number): Float64Array {
  const row = Float64Array.from(logProbability.subarray(n * size, (n + 1) * size)); // (J)
  const highest = row.reduce((most, logP) => Math.max(most, logP), -Infinity);
  const weights = row.map((logP) => Math.exp(logP - highest));
  const sum = weights.reduce((total, w) => total + w, 0);
  return weights.map((w) => w / sum);
}

/** p ln(p / m), 0 where p is. */
const part = (p: number, middle: number) => (p > 0 ? p * Math.log(p / middle) : 0);

function top({ logProbability, titles: { size } }: TitleDistribution, n: number): number {
  const row = logProbability.subarray(n * size, (n + 1) * size); // (J)
  return row.reduce((best, logP, j) => (logP > row[best] ? j : best), 0);
}
