import { UserError } from "../errors";
import { Random } from "../random";
import { checkWhole, replicationCounts } from "../ranges";
import { stage } from "../stages";
import { quantileOf } from "./quantile";

export interface BootstrapOptions {
  /** Resamples. Default 2000. */
  replications?: number;
  /** Default 1. The same seed and number of persons draw the same resamples. */
  seed?: number;
  /** Coverage of the interval. Default 0.95. */
  level?: number;
}

/** A number with its sampling error over persons. */
export interface Estimate {
  value: number;
  /** Standard deviation over the resamples; NaN if `value` is not finite or there are fewer than two persons. */
  standardError: number;
  /** Percentile interval, [low, high]. */
  interval: [number, number];
}

/**
 * Cluster bootstrap (Efron and Tibshirani 1993; Cameron, Gelbach and Miller 2008): persons are drawn with
 * replacement, each with all of their years, because the years of one person are not independent. All numbers of
 * one call see the same resamples, so that a difference between two models is paired.
 * @param persons number of persons in the sample
 * @param statistic from the number of times that each person was drawn, (persons), to the numbers to estimate;
 * the array is reused between calls. A resample where a number is NaN (no row of the kind drawn) is left out of
 * that number's error.
 * @throws UserError if an option is out of range
 */
export function bootstrapByPerson(
  persons: number,
  statistic: (times: Float64Array) => ArrayLike<number>,
  options: BootstrapOptions = {},
): Estimate[] {
  const { replications = 2000, seed = 1, level = 0.95 } = options;
  checkWhole("replications", replications, replicationCounts);
  if (!(level > 0 && level < 1)) throw new UserError(`level is ${level}`, "Give a number between 0 and 1.");
  const times = new Float64Array(persons).fill(1); // (persons)
  const values = Array.from(statistic(times));
  const draws = values.map(() => new Float64Array(replications)); // (statistics)(replications)
  const random = new Random("bootstrap", seed);
  const step = stage("bootstrap over persons", replications, "resamples");
  for (let r = 0; r < replications; r++) {
    step(r);
    times.fill(0);
    for (let i = 0; i < persons; i++) times[random.integer(persons)]++;
    const drawn = statistic(times);
    for (let k = 0; k < draws.length; k++) draws[k][r] = drawn[k];
  }
  return values.map((value, k) => {
    const kept = draws[k].filter((x) => !Number.isNaN(x)).sort();
    const known = persons > 1 && kept.length > 1;
    return {
      value,
      standardError: known && Number.isFinite(value) ? standardDeviation(kept) : NaN,
      interval: known ? [quantileOf(kept, (1 - level) / 2), quantileOf(kept, (1 + level) / 2)] : [NaN, NaN],
    };
  });
}

function standardDeviation(x: Float64Array): number {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  return Math.sqrt(x.reduce((sum, xi) => sum + (xi - mean) ** 2, 0) / (x.length - 1));
}
