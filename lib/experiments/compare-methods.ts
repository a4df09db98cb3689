import type { PanelSplit } from "../careers/split";
import { type ComparisonOptions, type ComparisonRow, comparePerplexity } from "../metrics/compare";
import type { TitleDistribution } from "../models/title-distribution";
import { oracleOf } from "../surveys/synthetic";
import { type Experiment, type Outcome, scoredYears, splitOf, tryExperiment } from "./experiment";
import { showFit } from "./progress";

/** An experiment under the name that tables give it. */
export interface NamedExperiment {
  label: string;
  experiment: Experiment;
}

/** Methods on one survey: what each did on the same test persons. */
export interface Comparison {
  /** Name of the survey's panel. */
  survey: string;
  split: PanelSplit;
  /** By label; on a synthetic survey the oracle's, which was not fitted, comes first. */
  distributions: Record<string, TitleDistribution>;
  outcomes: Record<string, Outcome>;
  /** Why a method has no row, by label. */
  failures: Record<string, string>;
  /** Perplexities with errors over persons; differences are to the reference. */
  rows: ComparisonRow[];
}

/** Name of the true law's own predictions. */
export const ORACLE = "Oracle";

/**
 * Runs experiments that share a survey, persons, test years and a seed, and compares their perplexities. What cannot be run is
 * told and left out.
 * @param options.reference the label that differences are to; the first that could be run, if it could not
 */
export async function compareMethods(
  experiments: readonly NamedExperiment[],
  options: ComparisonOptions = {},
): Promise<Comparison> {
  const split = splitOf(experiments[0].experiment);
  const panel = split.test;
  const comparison: Comparison = {
    survey: panel.name,
    split,
    distributions: {},
    outcomes: {},
    failures: {},
    rows: [],
  };
  const oracle = oracleOf(panel);
  if (oracle !== undefined) {
    const truth = await oracle.predict(panel.careers);
    comparison.distributions[ORACLE] = scoredYears(truth, experiments[0].experiment.years);
  }
  for (const { label, experiment } of experiments) {
    const outcome = await tryExperiment(experiment, showFit(`${panel.name}, ${label}`), split);
    if ("reason" in outcome) {
      comparison.failures[label] = outcome.reason;
    } else {
      comparison.outcomes[label] = outcome;
      comparison.distributions[label] = outcome.distribution;
    }
  }
  const { reference } = options;
  const present = reference !== undefined && reference in comparison.distributions;
  comparison.rows = comparePerplexity(comparison.distributions, {
    ...options,
    reference: present ? reference : undefined,
  });
  return comparison;
}
