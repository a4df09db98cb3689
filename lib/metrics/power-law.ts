import { UserError } from "../errors";
import type { TitleDistribution } from "../models/title-distribution";
import { type BootstrapOptions, bootstrapByPerson } from "./bootstrap";
import { personTotals, surprisal, weightedMean } from "./perplexity";
import { checkSameRows } from "./rows";

/** perplexity = scale x size^-exponent, fitted by least squares of the mean surprisal on ln(size). */
export interface PowerLaw {
  exponent: number;
  /** Over test persons; another sample to train on would add an error of its own. */
  exponentError: number;
  exponentLow: number;
  exponentHigh: number;
  /** The perplexity that the law gives at size 1. */
  scale: number;
  /** Share by which the perplexity falls with each doubling, 1 - 2^-exponent. */
  fallPerDoubling: number;
  /** Share of the variation of the mean surprisal between the sizes that the line explains. */
  explained: number;
}

/**
 * How perplexity falls with the size of what was trained on. A pure power law has no floor: where the perplexity
 * nears its least, the points bend away from the line, and `explained` falls.
 * @param points answers for the same test persons by models of different sizes of training data
 * @throws UserError for fewer than two sizes, a size that is not positive, or answers for other person-years
 */
export function powerLaw(
  points: readonly { size: number; distribution: TitleDistribution }[],
  options: BootstrapOptions = {},
): PowerLaw {
  const x = points.map(({ size }) => Math.log(size));
  if (new Set(x).size < 2 || !x.every(Number.isFinite)) {
    throw new UserError("a power law needs two sizes above 0", "Train on two sizes or more.");
  }
  checkSameRows(Object.fromEntries(points.map(({ distribution }, i) => [String(i), distribution])));
  const totals = points.map(({ distribution: d }) => personTotals(d, surprisal(d)).all);
  const middle = mean(x);
  const spread = x.reduce((sum, xi) => sum + (xi - middle) ** 2, 0);
  const exponentOf = (y: readonly number[]) =>
    -x.reduce((sum, xi, i) => sum + (xi - middle) * y[i], 0) / spread;
  const [estimate] = bootstrapByPerson(
    totals[0].total.length,
    (times) => [exponentOf(totals.map((one) => weightedMean(one, times)))],
    options,
  );
  const y = totals.map((one) => weightedMean(one));
  const exponent = estimate.value;
  const level = mean(y) + exponent * middle;
  const around = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0);
  const left = y.reduce((sum, yi, i) => sum + (yi - (level - exponent * x[i])) ** 2, 0);
  return {
    exponent,
    exponentError: estimate.standardError,
    exponentLow: estimate.interval[0],
    exponentHigh: estimate.interval[1],
    scale: Math.exp(level),
    fallPerDoubling: 1 - 2 ** -exponent,
    explained: 1 - left / around(y),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
