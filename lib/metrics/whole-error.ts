import type { TitleDistribution } from "../models/title-distribution";
import { clusterRobustMean } from "./cluster-robust";
import { personTotals } from "./perplexity";
import { type RowKind, transitionKind } from "./rows";
import type { Measured } from "./standing";

/** What several fits of one method say of the same person-years. */
export interface FitsOfMethod {
  /**
   * (seeds)(N): -ln P of what happened, nats, by fits on the training persons as they are, of other seeds. One, where
   * nothing in the fit is random.
   */
  seeds: readonly Float64Array[];
  /** (draws)(N): the same by fits on resamples of the training persons, the same draws for every method. */
  resamples: readonly Float64Array[];
  /** Whether another seed gives another fit. */
  isRandom: boolean;
  /** Whether other training persons give another fit. */
  isTrained: boolean;
}

/** A part of a variance: its standard error, nats, and how many it was estimated from. */
export interface ErrorPart {
  error: number;
  of: number;
}

/** A difference between two methods with all of its error. */
export interface WholeDifference extends Measured {
  /** Over test persons, of the difference that is averaged over the fits; persons are clusters. */
  overPersons: ErrorPart;
  /** Of the mean over seeds; absent where nothing is random, or where there is one seed only. */
  overSeeds?: ErrorPart;
  /** Over training samples; absent where nothing is trained, or where there are no resamples. */
  overSamples?: ErrorPart;
  degrees: number;
  /** Sources of error that a method's fits say nothing about: of that method alone they are not in the error. */
  without: { source: "seeds" | "training samples"; of: "lower" | "higher" }[];
}

/**
 * Mean over fits of the paired difference in mean -ln P, higher less lower, with its error over test persons, seeds and
 * training samples together. By the law of total variance, for independent draws of the three, the variance is the sum of
 *
 * 1. that over test persons of the difference averaged over the seeds (clusters by person),
 * 2. that between the seeds' differences, over the number of seeds,
 * 3. that between the differences of fits on resamples of the training persons (a bootstrap of the whole fit).
 *
 * A resample's fit has its own order of texts, so that the third holds the second's randomness too; it is not
 * subtracted, since from three of each the remainder would be mostly noise. The error is then rather too large where seeds
 * matter. The sum has the degrees of freedom of Satterthwaite (1946). That repeated fits on one training sample say
 * nothing of other samples is the point of Nadeau and Bengio (2003) and Bouthillier et al. (2021).
 * @param rows any prediction of these person-years: whose they are, and their kinds
 */
export function wholeDifference(
  rows: TitleDistribution,
  lower: FitsOfMethod,
  higher: FitsOfMethod,
  kind: RowKind = "all",
): WholeDifference {
  const averaged = personTotals(rows, minus(meanOverFits(higher.seeds), meanOverFits(lower.seeds)))[kind];
  const { value, standardError } = clusterRobustMean(averaged);
  const persons = averaged.count.filter((count) => count > 0).length;
  const overPersons = { error: standardError, of: persons };
  const counted = [...rows.observed.keys()].filter((n) => kind === "all" || transitionKind(rows, n) === kind);
  const meanOf = (values: Float64Array) => counted.reduce((sum, n) => sum + values[n], 0) / counted.length;
  // Of a method that was fitted once nothing is known; the other's own spread counts all the same.
  const known = (one: FitsOfMethod, fits: "seeds" | "resamples", varies: "isRandom" | "isTrained") =>
    one[varies] && one[fits].length >= 2;
  const spread = (fits: "seeds" | "resamples", varies: "isRandom" | "isTrained") => {
    const differences = paired(
      { fits: lower[fits], fixed: lower.seeds[0], varies: known(lower, fits, varies) },
      { fits: higher[fits], fixed: higher.seeds[0], varies: known(higher, fits, varies) },
    );
    return deviation(differences.map((one) => meanOf(one)));
  };
  const between = spread("seeds", "isRandom");
  const overSeeds = between && { ...between, error: between.error / Math.sqrt(between.of) };
  const overSamples = spread("resamples", "isTrained");
  const parts = [overPersons, overSeeds, overSamples].filter((part) => part !== undefined);
  const methods = { lower, higher };
  const without = (["lower", "higher"] as const).flatMap((of) => {
    const one = methods[of];
    const lacks = (fits: "seeds" | "resamples", varies: "isRandom" | "isTrained") =>
      one[varies] && !known(one, fits, varies);
    return [
      ...(lacks("seeds", "isRandom") ? [{ source: "seeds", of } as const] : []),
      ...(lacks("resamples", "isTrained") ? [{ source: "training samples", of } as const] : []),
    ];
  });
  return {
    value,
    standardError: Math.hypot(...parts.map(({ error }) => error)),
    degrees: satterthwaite(parts),
    persons,
    overPersons,
    overSeeds,
    overSamples,
    without,
  };
}

interface Draws {
  fits: readonly Float64Array[];
  /** The fit of a method that is the same in every draw. */
  fixed: Float64Array;
  varies: boolean;
}

/** (draws)(N): higher less lower, draw by draw, of the draws that both have; none where neither varies. */
function paired(lower: Draws, higher: Draws): Float64Array[] {
  const varying = [lower, higher].filter(({ varies }) => varies);
  if (varying.length === 0) return [];
  const draws = Math.min(...varying.map(({ fits }) => fits.length));
  const fit = ({ fits, fixed, varies }: Draws, i: number) => (varies ? fits[i] : fixed);
  return Array.from({ length: draws }, (_, i) => minus(fit(higher, i), fit(lower, i)));
}

function minus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, n) => x - b[n]);
}

/** (N): the mean of what several fits say of each person-year. */
export function meanOverFits(fits: readonly Float64Array[]): Float64Array {
  return fits[0].map((_, n) => fits.reduce((sum, fit) => sum + fit[n], 0) / fits.length);
}

/** Standard deviation, exactly 0 where all are the same; undefined of fewer than two. */
export function deviation(values: readonly number[]): ErrorPart | undefined {
  const of = values.length;
  if (of < 2) return undefined;
  const apart = values.map((x) => x - values[0]);
  const centre = apart.reduce((a, b) => a + b) / of;
  return { error: Math.sqrt(apart.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (of - 1)), of };
}

/** Degrees of freedom of a sum of independent variances, each estimated from so many (Satterthwaite 1946). */
function satterthwaite(parts: readonly ErrorPart[]): number {
  const sum = parts.reduce((total, { error }) => total + error ** 2, 0);
  return sum ** 2 / parts.reduce((total, { error, of }) => total + error ** 4 / (of - 1), 0);
}
