import { Random } from "../random";
import { counts, type EventForecast } from "./events";
import { twoSided } from "./normal";
import { type BinOptions, binsOf } from "./reliability";

/** How far probabilities are from frequencies, beside how far they would be by chance alone. */
export interface CalibrationError {
  /** Mean over person-years of |mean probability - frequency| of their bin (Naeini, Cooper and Hauskrecht 2015). */
  value: number;
  /** What a model whose probabilities are true has on average with as many person-years. */
  byChance: number;
  /** Standard deviation of a true model's. */
  byChanceError: number;
  /** Share of true models that would be further off: small where the model is not calibrated. */
  p: number;
}

export interface CalibrationOptions extends BinOptions {
  /** Draws for `byChance` and `p`. Default 1000. */
  draws?: number;
  /** Default 1. */
  seed?: number;
}

/**
 * Expected calibration error over bins of equal mass. It is above zero for true probabilities as well, by the noise
 * of the frequencies, and the more so the fewer the cases: what is left after `byChance` is the model's.
 * A person's years may be dependent: if the probabilities are true given all that came before, what happened less its
 * probability is uncorrelated from year to year, so that independent draws have the right spread.
 */
export function expectedCalibrationError(
  { probability, happened, weight }: EventForecast,
  { draws = 1000, seed = 1, ...binning }: CalibrationOptions = {},
): CalibrationError {
  const bin = binsOf({ probability, weight }, binning);
  const w = counts({ weight });
  const total = probability.reduce((sum, _, n) => sum + w(n), 0);
  const bins = Math.max(0, ...bin) + 1;
  const gap = new Float64Array(bins); // (bins): sum of probability less event
  const error = (event: (n: number) => number) => {
    gap.fill(0);
    for (let n = 0; n < probability.length; n++) gap[bin[n]] += w(n) * (probability[n] - event(n));
    return gap.reduce((sum, g) => sum + Math.abs(g), 0) / total;
  };
  const value = error((n) => happened[n]);
  const random = new Random("calibration", seed);
  const drawn = Array.from({ length: draws }, () => error((n) => Number(random.uniform() < probability[n])));
  const further = drawn.filter((e) => e >= value).length;
  const byChance = drawn.reduce((sum, e) => sum + e, 0) / draws;
  const byChanceError = Math.sqrt(drawn.reduce((sum, e) => sum + (e - byChance) ** 2, 0) / (draws - 1));
  return { value, byChance, byChanceError, p: (1 + further) / (1 + draws) };
}

/** A statistic that is standard normal if the probabilities are true, and the two-sided p-value. */
export interface CalibrationTest {
  z: number;
  p: number;
}

/**
 * Spiegelhalter's (1986) test that probabilities are true: the Brier score less its expectation under them, over
 * its standard deviation. It holds over the years of a person as `expectedCalibrationError` does.
 */
export function spiegelhalterTest({ probability, happened, weight }: EventForecast): CalibrationTest {
  const w = counts({ weight });
  let [sum, variance] = [0, 0];
  probability.forEach((p, n) => {
    sum += w(n) * (happened[n] - p) * (1 - 2 * p);
    variance += w(n) ** 2 * (1 - 2 * p) ** 2 * p * (1 - p);
  });
  const z = sum / Math.sqrt(variance);
  return { z, p: twoSided(z) };
}

/** Test that the mean probability is the frequency: calibration in the large. */
export function meanTest({ probability, happened, weight }: EventForecast): CalibrationTest {
  const w = counts({ weight });
  const sum = probability.reduce((total, p, n) => total + w(n) * happened[n] - w(n) * p, 0);
  const z = sum / Math.sqrt(probability.reduce((total, p, n) => total + w(n) ** 2 * p * (1 - p), 0));
  return { z, p: twoSided(z) };
}
