import type { PanelSplit } from "../careers/split";
import { UserError } from "../errors";
import type { NamedExperiment } from "./compare-methods";
import type { Experiment } from "./experiment";
import { withResample } from "./resample";

/** How often a method is fitted to see how its results vary. */
export interface FitsPlan {
  /** Resamples of the training persons, each with a seed of its own, 2 or more; absent where other persons would change nothing. */
  draws?: number;
  /** Seeds of the fit, the experiment's own among them, 2 or more; absent where nothing in the fit is random, or where the resamples tell. */
  seeds?: number;
  /** Of a fit that takes hours: other seeds and resamples are counted as far as they are available, none is made. */
  ifAvailable?: boolean;
  /** Whether what other seeds and resamples say of what happened is kept beside the results (`Experiment.keep`). */
  kept?: boolean;
}

/** An experiment and how often it is fitted. */
export interface RepeatPlan extends NamedExperiment, FitsPlan {}

/** A further fit and its data. */
export type Repeat = readonly [experiment: Experiment, split: PanelSplit];

/** The other seeds and the resamples of a plan, on the data of its experiment. @throws UserError for a single one */
export function repeatsOf(
  { label, experiment, draws = 0, seeds = 0, kept = false }: RepeatPlan,
  split: PanelSplit,
): { seeds: Repeat[]; resamples: Repeat[] } {
  checkAtLeastTwo(label, { draws, seeds });
  const { seed, fitSeed = seed } = experiment;
  const repeated = kept ? { ...experiment, observedOnly: true, keep: true } : experiment;
  return {
    seeds: numbers(seeds - 1).map((i) => [{ ...repeated, fitSeed: fitSeed + i }, split]),
    resamples: numbers(draws).map((resample) => [
      { ...repeated, resample, fitSeed: fitSeed + resample },
      withResample(split, resample, seed),
    ]),
  };
}

/** @throws UserError for one, of which nothing varies */
export function checkAtLeastTwo(label: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (count === 0 || (Number.isInteger(count) && count >= 2)) continue;
    throw new UserError(`${label}: ${name} is ${count}`, "Give a whole number of at least 2.");
  }
}

function numbers(to: number): number[] {
  return Array.from({ length: Math.max(0, to) }, (_, i) => i + 1);
}
