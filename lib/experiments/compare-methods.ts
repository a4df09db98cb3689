import { type CareerPanel, limitSplit, type PanelSplit, type PartLimits } from "../careers";
import { UserError } from "../errors";
import {
  type ComparisonOptions,
  type Measurement,
  measureNormalisedPerplexity,
  measurePerplexity,
  onCommonPersons,
  onPersonsOf,
  ROW_KINDS,
  where,
} from "../metrics";
import {
  type ObservedScores,
  observedScores,
  type PersonYearRows,
  type TitleDistribution,
} from "../predictions";
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
  /**
   * Label of the row that it stands beside: the same model, of which the observed titles only are scored on all test persons,
   * with its full distribution on few.
   */
  inFullOf?: string;
}

/** Methods on one survey: what each did on the same test persons. */
export interface Comparison {
  /** Name of the survey's panel. */
  survey: string;
  split: PanelSplit;
  /** What was compared. */
  experiments: readonly NamedExperiment[];
  /** By label, `person` as an index into the split's test careers; on a synthetic survey the oracle's, which was not fitted, come first. */
  scores: Record<string, ObservedScores>;
  /** Full distributions of the same, but for experiments of the observed titles only. */
  distributions: Record<string, TitleDistribution>;
  outcomes: Record<string, Outcome>;
  /** Why a method has no row, by label. */
  failures: Record<string, string>;
  /** Perplexities with errors over persons, normalised where there is a full distribution; differences are to the reference. */
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
    experiments,
    scores: {},
    distributions: {},
    outcomes: {},
    failures: {},
    measurements: [],
  };
  const oracle = oracleOf(panel);
  if (oracle !== undefined) {
    const truth = scoredYears(await oracle.predict(panel.careers), experiments[0].experiment.years);
    comparison.scores[ORACLE] = observedScores(truth);
    comparison.distributions[ORACLE] = truth;
  }
  for (const row of experiments) await runRow(comparison, row);
  const reasons = Object.entries(comparison.failures);
  if (reasons.length === experiments.length && oracle === undefined) {
    const [label, reason] = reasons[0];
    throw new UserError(
      `none of ${reasons.length} rows on ${panel.name} could be run`,
      `${label}: ${reason}`,
    );
  }
  return { ...comparison, measurements: measureComparison(comparison, options) };
}

/**
 * A comparison with further rows, run on its persons and measured beside its own, which are not run again. What cannot be run
 * is told and left out.
 * @throws UserError for a row with the name of another, or of another survey, seed, years or step, and as `compareMethods`
 */
export async function addRows(
  comparison: Comparison,
  rows: readonly NamedExperiment[],
  options: ComparisonOptions = {},
): Promise<Comparison> {
  const { scores, distributions, outcomes, failures } = comparison;
  const whole: Comparison = {
    ...comparison,
    experiments: [...comparison.experiments, ...rows],
    scores: { ...scores },
    distributions: { ...distributions },
    outcomes: { ...outcomes },
    failures: { ...failures },
  };
  for (const row of rows) {
    if (row.label in whole.scores || row.label in whole.failures) {
      throw new UserError(`there is a row "${row.label}" already`, "Give the new one a name of its own.");
    }
    checkSameData(row, comparison.experiments[0].experiment);
    await runRow(whole, row);
  }
  return { ...whole, measurements: measureComparison(whole, options) };
}

/** Runs one row on a comparison's persons, and adds to it what it says or why it could not be run. */
async function runRow(comparison: Comparison, { label, experiment }: NamedExperiment): Promise<void> {
  const { split, experiments } = comparison;
  const panel = split.test;
  const { persons = {}, share = 1, resample, history, seed } = experiment;
  checkNotMore(label, persons, experiments[0].experiment.persons);
  const shared = withShare(limitSplit(split, persons, seed), share, seed);
  const own = withShortHistories(withResample(shared, resample, seed), history);
  const outcome = await tryExperiment(experiment, showFit(`${panel.name}, ${label}`), own);
  if ("reason" in outcome) {
    comparison.failures[label] = outcome.reason;
    return;
  }
  const { scores, distribution } = outcome;
  comparison.outcomes[label] = outcome;
  comparison.scores[label] = asIn(panel, own.test, scores);
  if (distribution !== undefined) comparison.distributions[label] = asIn(panel, own.test, distribution);
}

function measureComparison(comparison: Comparison, options: ComparisonOptions): Measurement[] {
  const { reference } = options;
  const present = reference !== undefined && reference in comparison.scores;
  return measureModels(comparison, { ...options, reference: present ? reference : undefined });
}

/** @throws UserError if a row's persons and years are not those of the first one */
function checkSameData({ label, experiment }: NamedExperiment, first: Experiment): void {
  for (const part of ["survey", "seed", "years", "step"] as const) {
    if (JSON.stringify(experiment[part]) === JSON.stringify(first[part])) continue;
    const what = { survey: "survey is", seed: "seed is", years: "years are", step: "step is" }[part];
    throw new UserError(`${label}: its ${what} not the first row's`, "Compare it with rows of its own.");
  }
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

/** Answers for some of a panel's careers, their persons by their place in the whole. */
function asIn<Answers extends PersonYearRows>(
  whole: CareerPanel,
  some: CareerPanel,
  answers: Answers,
): Answers {
  if (some.careers.length === whole.careers.length) return answers;
  const places = new Map(whole.careers.map(({ person }, place) => [person, place]));
  const person = answers.person.map((i) => places.get(some.careers[i].person)!);
  return { ...answers, person };
}

/**
 * Measures the perplexities of models, each of those that have fewer persons than the reference beside it alone; normalised
 * too of those that have a full distribution.
 * @throws UserError as `measurePerplexity`
 */
export function measureModels(
  { survey, scores, distributions }: Pick<Comparison, "survey" | "scores" | "distributions">,
  options: ComparisonOptions,
): Measurement[] {
  const labels = Object.keys(scores);
  const { reference = labels[0] } = options;
  const rows = (label: string) => scores[label].observed.length;
  const alike = labels.filter((label) => rows(label) === rows(reference));
  const measured = (wanted: readonly string[], only?: string) => {
    const own = only === undefined ? pick(scores, wanted) : onCommonPersons(pick(scores, wanted));
    const full = Object.entries(pick(distributions, wanted)).map(([label, one]) => [
      label,
      onPersonsOf(one, own[label]),
    ]);
    const found = measureAlike(survey, own, Object.fromEntries(full), { ...options, reference });
    return where(found, { model: only });
  };
  const others = labels.filter((label) => !alike.includes(label));
  const found = [...measured(alike), ...others.flatMap((label) => measured([reference, label], label))];
  const place = ({ on, model }: Measurement) =>
    ROW_KINDS.indexOf(on.transition) * labels.length + labels.indexOf(model);
  return found.sort((a, b) => place(a) - place(b));
}

function pick<One>(models: Readonly<Record<string, One>>, wanted: readonly string[]): Record<string, One> {
  const there = wanted.filter((label) => label in models);
  return Object.fromEntries(there.map((label) => [label, models[label]]));
}

/** Normalised perplexities have differences where the reference has a full distribution. */
function measureAlike(
  survey: string,
  scores: Readonly<Record<string, ObservedScores>>,
  distributions: Readonly<Record<string, TitleDistribution>>,
  { reference, ...options }: ComparisonOptions & { reference: string },
): Measurement[] {
  const found = measurePerplexity(survey, scores, { ...options, reference });
  if (Object.keys(distributions).length === 0) return found;
  if (reference in distributions) {
    return [...found, ...measureNormalisedPerplexity(survey, distributions, { ...options, reference })];
  }
  const normalised = measureNormalisedPerplexity(survey, distributions, options);
  return [...found, ...normalised.filter(({ against }) => against === undefined)];
}
