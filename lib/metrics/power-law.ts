import { UserError } from "../errors";
import type { ObservedScores } from "../predictions";
import { type BootstrapOptions, bootstrapByPerson } from "./bootstrap";
import type { Measurement } from "./measurement";
import type { MeasureId } from "./measures";
import { personTotals, surprisal, weightedMean } from "./perplexity";
import { checkSameRows } from "./rows";

/** What is measured of a law, in the order of `lawOf`. */
const OF_LAW = [
  "power-law exponent",
  "power-law scale",
  "fall per doubling",
  "variation explained",
] as const satisfies readonly MeasureId[];

/**
 * How perplexity falls with the size of what was trained on: perplexity = scale x size^-exponent, by least squares of the
 * mean surprisal on ln(size). A pure power law has no floor: where the perplexity nears its least, the points bend away
 * from the line, and the variation explained falls.
 * @param survey of which the test persons are
 * @param model whose law it is
 * @param points answers for the same test persons by models of different sizes of training data
 * @returns exponent; scale, the perplexity that the law gives at size 1; fall of the perplexity with each doubling, 1 -
 * 2^-exponent, in per cent; share of the variation of the mean surprisal between the sizes that the line explains. Errors
 * are over test persons; another sample to train on would add one of its own
 * @throws UserError for fewer than two sizes, a size that is not positive, or answers for other person-years
 */
export function powerLaw(
  survey: string,
  model: string,
  points: readonly { size: number; scores: ObservedScores }[],
  options: BootstrapOptions = {},
): Measurement[] {
  const x = points.map(({ size }) => Math.log(size));
  if (new Set(x).size < 2 || !x.every(Number.isFinite)) {
    throw new UserError("a power law needs two sizes above 0", "Train on two sizes or more.");
  }
  checkSameRows(Object.fromEntries(points.map(({ scores }, i) => [String(i), scores])));
  const totals = points.map(({ scores }) => personTotals(scores, surprisal(scores)).all);
  const [{ count }] = totals;
  const estimates = bootstrapByPerson(
    count.length,
    (times) =>
      lawOf(
        x,
        totals.map((one) => weightedMean(one, times)),
      ),
    options,
  );
  return OF_LAW.map((measure, i) => ({
    ...{ survey, model, on: { transition: "all" }, measure, estimate: estimates[i] },
    persons: count.filter((years) => years > 0).length,
    personYears: count.reduce((sum, years) => sum + years, 0),
  }));
}

/** @param x ln(size) @param y mean surprisal, nats */
function lawOf(x: readonly number[], y: readonly number[]): number[] {
  const [middle, height] = [mean(x), mean(y)];
  const spread = x.reduce((sum, xi) => sum + (xi - middle) ** 2, 0);
  const exponent = -x.reduce((sum, xi, i) => sum + (xi - middle) * y[i], 0) / spread;
  const level = height + exponent * middle;
  const variation = y.reduce((sum, yi) => sum + (yi - height) ** 2, 0);
  const left = y.reduce((sum, yi, i) => sum + (yi - (level - exponent * x[i])) ** 2, 0);
  return [exponent, Math.exp(level), 100 * (1 - 2 ** -exponent), 1 - left / variation];
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
