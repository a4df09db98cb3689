import type { TitleDistribution } from "../predictions";
import { type BootstrapOptions, bootstrapByPerson } from "./bootstrap";
import type { Measurement } from "./measurement";
import type { MeasureId } from "./measures";
import { personTotals, weightedMean } from "./perplexity";
import { checkSameRows } from "./rows";

/** How far apart two distributions over titles are in each person-year, both normalised over the titles. */
export interface RowShifts {
  /** (N): half the sum of absolute differences, 0 to 1: the probability that changed places. */
  totalVariation: Float64Array;
  /** (N): Jensen-Shannon divergence in nats, 0 to ln 2 (Lin 1991). */
  jensenShannon: Float64Array;
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

/** What is measured of a shift, in the order of the statistic. */
const OF_SHIFT = [
  "total variation",
  "Jensen-Shannon divergence",
  "top title changed",
] as const satisfies readonly MeasureId[];

/**
 * How far a model's answers moved, person-year by person-year, for example when titles were put in other words: means over
 * person-years, and the share of those whose most probable title is another one. Errors are from a bootstrap over persons.
 * @param survey of which the careers are
 * @param names of the model that moved and of the one that it moved from
 * @param answers of the one that it moved from, and of the model
 * @throws UserError as `rowShifts`
 */
export function measureShift(
  survey: string,
  { model, against }: { model: string; against: string },
  [a, b]: readonly [TitleDistribution, TitleDistribution],
  options: BootstrapOptions = {},
): Measurement[] {
  const { totalVariation, jensenShannon } = rowShifts(a, b);
  const changed = Float64Array.from(a.observed, (_, n) => (top(a, n) === top(b, n) ? 0 : 1));
  const totals = [totalVariation, jensenShannon, changed].map((values) => personTotals(a, values).all);
  const [{ count }] = totals;
  const estimates = bootstrapByPerson(
    count.length,
    (times) => totals.map((one) => weightedMean(one, times)),
    options,
  );
  return OF_SHIFT.map((measure, i) => ({
    ...{ survey, model, against, on: { transition: "all" }, measure, estimate: estimates[i] },
    persons: count.filter((years) => years > 0).length,
    personYears: count.reduce((sum, years) => sum + years, 0),
  }));
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
