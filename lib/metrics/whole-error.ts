import type { PersonYearRows } from "../predictions";
import { clusterRobustMean } from "./cluster-robust";
import { personTotals } from "./perplexity";
import { type RowKind, transitionKind } from "./rows";
import type { Measured } from "./standing";

/** What several fits of one method say. */
interface Fits<Said> {
  /** (seeds) by fits on the training persons as they are, of other seeds. One, where nothing in the fit is random. */
  seeds: readonly Said[];
  /** (draws) the same by fits on resamples of the training persons, the same draws for every method. */
  resamples: readonly Said[];
  /** Whether another seed gives another fit. */
  isRandom: boolean;
  /** Whether other training persons give another fit. */
  isTrained: boolean;
}

/** Of the same person-years, (N): -ln P of what happened, nats. */
export type FitsOfMethod = Fits<Float64Array>;

/** A number that is computed from each fit's predictions. */
export type ValuesOfFits = Fits<number>;

/** A part of a variance: its standard error, in the number's unit, and how many it was estimated from. */
export interface ErrorPart {
  error: number;
  of: number;
}

/** A number with all of its error. */
export interface WholeMeasure extends Measured {
  /** Over test persons, of the number that is averaged over the fits; persons are clusters. */
  overPersons: ErrorPart;
  /** Of the mean over seeds; absent where nothing is random, or where there is one seed only. */
  overSeeds?: ErrorPart;
  /** Over training samples; absent where nothing is trained, or where there are no resamples. */
  overSamples?: ErrorPart;
  degrees: number;
  /** Sources of error that a method's fits say nothing about: of that method alone they are not in the error. */
  without: { source: "seeds" | "training samples"; of: string }[];
}

/** A method's part in a sum. */
export interface FitsTerm<Said> {
  times: number;
  /** The method's name. */
  of: string;
  fits: Fits<Said>;
}

/**
 * Mean over fits of a weighted sum of methods' mean -ln P (a difference: 1, -1), with its error over test persons, seeds and
 * training samples together. By the law of total variance, for independent draws of the three, the variance is the sum of
 *
 * 1. that over test persons of the sum averaged over the seeds (clusters by person),
 * 2. that between the seeds' sums, over the number of seeds,
 * 3. that between the sums of fits on resamples of the training persons (a bootstrap of the whole fit).
 *
 * A resample's fit has a seed of its own, so that the third holds the second's randomness too: where a method has one seed and
 * resamples nothing is missing. Where it has both, nothing is subtracted, since from three of each the remainder would
 * be mostly noise; the error is then rather too large where seeds matter. The sum has the degrees of freedom of
 * Satterthwaite (1946). That repeated fits on one training sample say nothing of other samples is the point of Nadeau and
 * Bengio (2003) and Bouthillier et al. (2021).
 * @param rows any prediction of these person-years: whose they are, and their kinds
 */
export function wholeContrast(
  rows: PersonYearRows,
  terms: readonly FitsTerm<Float64Array>[],
  kind: RowKind = "all",
): WholeMeasure {
  const summed = new Float64Array(rows.observed.length); // (N)
  for (const { times, fits } of terms) {
    meanOverFits(fits.seeds).forEach((value, n) => {
      summed[n] += times * value;
    });
  }
  const averaged = personTotals(rows, summed)[kind];
  const { value, standardError } = clusterRobustMean(averaged);
  const persons = averaged.count.filter((count) => count > 0).length;
  const counted = [...rows.observed.keys()].filter((n) => kind === "all" || transitionKind(rows, n) === kind);
  const meanOf = (values: Float64Array) => counted.reduce((sum, n) => sum + values[n], 0) / counted.length;
  const means = terms.map(({ times, of, fits: { seeds, resamples, ...rest } }) => ({
    ...{ times, of },
    fits: { seeds: seeds.map(meanOf), resamples: resamples.map(meanOf), ...rest },
  }));
  return { ...wholeMeasure({ error: standardError, of: persons }, means), value };
}

/** `wholeContrast` of two methods, higher less lower. */
export function wholeDifference(
  rows: PersonYearRows,
  lower: FitsOfMethod,
  higher: FitsOfMethod,
  kind: RowKind = "all",
): WholeMeasure {
  const terms = [
    { times: 1, of: "higher", fits: higher },
    { times: -1, of: "lower", fits: lower },
  ];
  return wholeContrast(rows, terms, kind);
}

/**
 * Mean over fits of a weighted sum of any numbers that are computed from methods' predictions, with its whole error as
 * `wholeContrast`. Fits are paired draw by draw.
 * @param overPersons the sum's error over test persons, whose number it is of
 */
export function wholeMeasure(overPersons: ErrorPart, terms: readonly FitsTerm<number>[]): WholeMeasure {
  const value = terms.reduce((sum, { times, fits: { seeds } }) => {
    return sum + (times * seeds.reduce((a, b) => a + b)) / seeds.length;
  }, 0);
  const between = deviation(drawn(terms, ...SEEDS));
  const overSeeds = between && { ...between, error: between.error / Math.sqrt(between.of) };
  const overSamples = deviation(drawn(terms, ...RESAMPLES));
  const parts = [overPersons, overSeeds, overSamples].filter((part) => part !== undefined);
  return {
    value,
    standardError: Math.hypot(...parts.map(({ error }) => error)),
    degrees: satterthwaite(parts),
    persons: overPersons.of,
    overPersons,
    overSeeds,
    overSamples,
    without: terms.flatMap(({ of, fits }) => [
      // Resamples have seeds of their own.
      ...(fits.isRandom && !isKnown(fits, ...SEEDS) && !isKnown(fits, ...RESAMPLES)
        ? [{ source: "seeds", of } as const]
        : []),
      ...(fits.isTrained && !isKnown(fits, ...RESAMPLES)
        ? [{ source: "training samples", of } as const]
        : []),
    ]),
  };
}

const SEEDS = ["seeds", "isRandom"] as const;
const RESAMPLES = ["resamples", "isTrained"] as const;
type Draws = typeof SEEDS | typeof RESAMPLES;

function isKnown(fits: ValuesOfFits, ...[draws, varies]: Draws): boolean {
  return fits[varies] && fits[draws].length >= 2;
}

/**
 * (draws): the sum, draw by draw, of the draws that all have that vary; none where none varies. Of a method that was
 * fitted once nothing is known; the others' own spread counts all the same.
 */
function drawn(terms: readonly FitsTerm<number>[], ...which: Draws): number[] {
  const varying = terms.filter(({ fits }) => isKnown(fits, ...which));
  if (varying.length === 0) return [];
  const draws = Math.min(...varying.map(({ fits }) => fits[which[0]].length));
  return Array.from({ length: draws }, (_, i) =>
    terms.reduce((sum, { times, fits }) => {
      return sum + times * (isKnown(fits, ...which) ? fits[which[0]][i] : fits.seeds[0]);
    }, 0),
  );
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
