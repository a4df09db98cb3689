import { type PersonTotals, weightedMean } from "./perplexity";

/** A number and its standard error in closed form. */
export interface ClosedFormEstimate {
  value: number;
  standardError: number;
}

/**
 * Mean over rows with the standard error that allows any dependence within a person (Liang and Zeger 1986, with
 * the factor G / (G - 1) for G persons with rows): what a regression on a constant with clustered errors gives.
 */
export function clusterRobustMean(totals: PersonTotals): ClosedFormEstimate {
  const mean = weightedMean(totals);
  return { value: mean, standardError: sumError(influence(totals, mean), totals) };
}

/** exp(mean), its standard error by the delta method: the mean's, times the perplexity. */
export function clusterRobustPerplexity(totals: PersonTotals): ClosedFormEstimate {
  const { value, standardError } = clusterRobustMean(totals);
  return { value: Math.exp(value), standardError: Math.exp(value) * standardError };
}

/** Perplexity of a minus perplexity of b on the same rows, with the delta method's paired standard error. */
export function clusterRobustDifference(a: PersonTotals, b: PersonTotals): ClosedFormEstimate {
  const [meanA, meanB] = [weightedMean(a), weightedMean(b)];
  const [perplexityA, perplexityB] = [Math.exp(meanA), Math.exp(meanB)];
  const [influenceA, influenceB] = [influence(a, meanA), influence(b, meanB)];
  const difference = influenceA.map((x, i) => perplexityA * x - perplexityB * influenceB[i]);
  return { value: perplexityA - perplexityB, standardError: sumError(difference, a) };
}

/** (persons): how far each person moves the mean. */
function influence({ total, count }: PersonTotals, mean: number): Float64Array {
  const rows = count.reduce((a, b) => a + b, 0);
  return total.map((sum, i) => (sum - mean * count[i]) / rows);
}

function sumError(influences: Float64Array, { count }: PersonTotals): number {
  const persons = count.reduce((n, c) => n + (c > 0 ? 1 : 0), 0);
  const squares = influences.reduce((sum, x) => sum + x * x, 0);
  return Math.sqrt((persons / (persons - 1)) * squares);
}
