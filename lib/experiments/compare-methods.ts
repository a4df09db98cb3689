import { type CareerPanel, limitSplit, type PanelSplit, type PartLimits } from "../careers";
import { UserError } from "../errors";
import {
  type ComparisonOptions,
  type Measurement,
  measurePerplexity,
  onCommonPersons,
  ROW_KINDS,
  where,
} from "../metrics";
import type { TitleDistribution } from "../predictions";
import { oracleOf } from "../surveys";
import {
  type Experiment,
  type Outcome,
  scoredYears,
  splitOf,
  tryExperiment,
  withShare,
  withShortHistories,
} from "./experiment";
import { showFit } from "./progress";
import { withResample } from "./resample";

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
  /** By label, `person` as an index into the split's test careers; on a synthetic survey the oracle's, which was not fitted, comes first. */
  distributions: Record<string, TitleDistribution>;
  outcomes: Record<string, Outcome>;
  /** Why a method has no row, by label. */
  failures: Record<string, string>;
  /** Perplexities with errors over persons; differences are to the reference. */
  measurements: Measurement[];
}

/** Name of the true law's own predictions. */
export const ORACLE = "Oracle";

/**
 * Runs experiments that share a survey, years and a seed, and compares their perplexities. One may have fewer persons
 * than the first, a share or a resample of its training persons, or short histories. Differences are on the persons that
 * both have. What cannot be run is told and left out.
 * @throws UserError for one that has more persons than the first, and if nothing could be run, with the first reason
 * @param options.reference the label that differences are to; the first that could be run, if it could not
 */
export async function compareMethods(
  experiments: readonly NamedExperiment[],
  options: ComparisonOptions = {},
): Promise<Comparison> {
  const whole = { share: 1, resample: undefined, history: undefined };
  const split = splitOf({ ...experiments[0].experiment, ...whole });
  const panel = split.test;
  const comparison: Comparison = {
    survey: panel.name,
    split,
    distributions: {},
    outcomes: {},
    failures: {},
    measurements: [],
  };
  const oracle = oracleOf(panel);
  if (oracle !== undefined) {
    const truth = await oracle.predict(panel.careers);
    comparison.distributions[ORACLE] = scoredYears(truth, experiments[0].experiment.years);
  }
  for (const { label, experiment } of experiments) {
    const { persons = {}, share = 1, resample, history, seed } = experiment;
    checkNotMore(label, persons, experiments[0].experiment.persons);
    const shared = withShare(limitSplit(split, persons, seed), share, seed);
    const own = withShortHistories(withResample(shared, resample, seed), history);
    const outcome = await tryExperiment(experiment, showFit(`${panel.name}, ${label}`), own);
    if ("reason" in outcome) {
      comparison.failures[label] = outcome.reason;
    } else {
      comparison.outcomes[label] = outcome;
      comparison.distributions[label] = asIn(panel, own.test, outcome.distribution);
    }
  }
  const reasons = Object.entries(comparison.failures);
  if (reasons.length === experiments.length && oracle === undefined) {
    const [label, reason] = reasons[0];
    throw new UserError(
      `none of ${reasons.length} rows on ${panel.name} could be run`,
      `${label}: ${reason}`,
    );
  }
  const { reference } = options;
  const present = reference !== undefined && reference in comparison.distributions;
  comparison.measurements = measureAll(comparison, {
    ...options,
    reference: present ? reference : undefined,
  });
  return comparison;
}

/** The data of all are cut from the first experiment's. */
function checkNotMore(label: string, persons: PartLimits, first: PartLimits = {}): void {
  for (const part of ["train", "validation", "test"] as const) {
    if ((persons[part] ?? Infinity) <= (first[part] ?? Infinity)) continue;
    throw new UserError(
      `${label}: more persons than in the first row (${part})`,
      "Put the row with the most persons first.",
    );
  }
}

/** A distribution over some of a panel's careers, its persons by their place in the whole. */
function asIn(whole: CareerPanel, some: CareerPanel, distribution: TitleDistribution): TitleDistribution {
  if (some.careers.length === whole.careers.length) return distribution;
  const places = new Map(whole.careers.map(({ person }, place) => [person, place]));
  const person = distribution.person.map((i) => places.get(some.careers[i].person)!);
  return { ...distribution, person };
}

/** Measures models, each of those that have fewer persons than the reference beside it alone. */
function measureAll(
  { survey, distributions }: Pick<Comparison, "survey" | "distributions">,
  options: ComparisonOptions,
): Measurement[] {
  const labels = Object.keys(distributions);
  const reference = options.reference ?? labels[0];
  const rows = (label: string) => distributions[label].observed.length;
  const alike = labels.filter((label) => rows(label) === rows(reference));
  const pick = (wanted: readonly string[]) =>
    Object.fromEntries(wanted.map((label) => [label, distributions[label]]));
  const found = measurePerplexity(survey, pick(alike), { ...options, reference });
  for (const label of labels.filter((label) => !alike.includes(label))) {
    const pair = onCommonPersons(pick([reference, label]));
    found.push(...where(measurePerplexity(survey, pair, { ...options, reference }), { model: label }));
  }
  const place = ({ on, model }: Measurement) =>
    ROW_KINDS.indexOf(on.transition) * labels.length + labels.indexOf(model);
  return found.sort((a, b) => place(a) - place(b));
}
