import type { PanelSplit } from "../../careers";
import { UserError } from "../../errors";
import { type Experiment, type FitsPlan, type NamedExperiment, withResample } from "../../experiments";

/** An experiment and how often it is fitted. */
export interface RepeatPlan extends NamedExperiment, FitsPlan {}

/** A further fit and its data. */
export type Repeat = readonly [experiment: Experiment, split: PanelSplit];

/** The other seeds and the resamples of a plan, on the data of its experiment. @throws UserError for a single one */
export function repeatsOf(
  { label, experiment, draws = 0, seeds = 0, saved: kept = false }: RepeatPlan,
  split: PanelSplit,
): { seeds: Repeat[]; resamples: Repeat[] } {
  checkAtLeastTwo(label, { draws, seeds });
  const { seed, fitSeed = seed } = experiment;
  const repeated = kept ? { ...experiment, observedOnly: true, saveScores: true } : experiment;
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
