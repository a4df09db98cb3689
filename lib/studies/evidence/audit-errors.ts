import type { PanelSplit } from "../../careers";
import { UserError } from "../../errors";
import { type Experiment, isAvailable, runExperiment, showFit, splitOf } from "../../experiments";
import {
  checkSameRows,
  chiSquaredQuantile,
  clusterRobustMean,
  deviation,
  type FitsOfMethod,
  type Measured,
  personTotals,
  standingOf,
  surprisal,
  wholeDifference,
} from "../../metrics";
import type { ObservedScores } from "../../predictions";
import { syntheticSurvey } from "../../surveys";
import { checkAtLeastTwo, type Repeat, type RepeatPlan, repeatsOf } from "./repeats";

/** How often an experiment is fitted to see how its perplexity varies. */
export interface ErrorPlan extends RepeatPlan {
  /** Fresh training sets from the law of a synthetic survey, 2 or more: what the resamples stand in for. */
  fresh?: number;
}

/** A standard error, nats, of ln perplexity. */
export interface Spread {
  error: number;
  /** What it is the standard deviation over; of test persons their number. */
  of: number;
  /** Ends of its 95 % interval: the spread is itself estimated, from few draws (normal theory, chi-squared). */
  low: number;
  high: number;
}

/** Where a perplexity's sampling error comes from. Errors are in nats, of ln perplexity; times the perplexity they are its own (delta method). */
export interface ErrorSources {
  label: string;
  survey: string;
  trainingPersons: number;
  /** Of the experiment as it is. */
  scores: ObservedScores;
  perplexity: number;
  /** Over test persons: clusters in closed form (`clusterRobustMean`). */
  test: { error: number; of: number };
  /** Over resamples of the training persons; absent where there are fewer than two. */
  training?: Spread;
  seeds?: Spread;
  fresh?: Spread;
  /**
   * Root of the sum of squares of the errors over test persons, training sets and seeds. A resample is fitted with a seed of
   * its own: where seeds count, the total is rather too large.
   */
  total: number;
  /** Mean surprisal of the test persons under each resample's fit, (draws). */
  drawn: number[];
  /** Under each fresh training set's fit, (fresh). */
  drawnFresh: number[];
  /** What the fits say of each person-year. */
  fits: FitsOfMethod;
  /** Where they are from, if one was not fitted on this machine. */
  note?: string;
}

/**
 * Fits an experiment on resamples of its training persons, with other seeds, and on fresh training sets, all predicting
 * the same test persons, and tells the errors apart.
 * @throws UserError for a single draw, a fresh set of what is no synthetic survey, and as `runExperiment`
 */
export async function errorSources(plan: ErrorPlan): Promise<ErrorSources> {
  const { label, experiment, draws = 0, seeds = 0, fresh = 0, ifAvailable = false } = plan;
  checkAtLeastTwo(label, { fresh });
  const split = splitOf({ ...experiment, resample: undefined });
  const notes = new Set<string>();
  const run = async (...[one, own]: Repeat) => {
    const outcome = await runExperiment(one, showFit(label), own);
    if (outcome.note !== undefined) notes.add(outcome.note);
    return outcome.scores;
  };
  // Of fits that are not made the first ones count, so that draw by draw they pair with another method's.
  const fits = async (repeats: readonly Repeat[]) => {
    const found: Float64Array[] = [];
    for (const one of repeats) {
      if (ifAvailable && !(await isAvailable(...one))) break;
      found.push(surprisal(await run(...one)));
    }
    return found;
  };
  const scores = await run(experiment, split);
  const { value, standardError, persons } = surprisalError(scores);
  // The split is the experiment's but for the draw: a survey is read, or simulated, once.
  const repeats = repeatsOf(plan, split);
  const resampled = await fits(repeats.resamples);
  const reseeded = await fits(repeats.seeds);
  const refreshed = await fits(
    Array.from(
      { length: fresh },
      (_, i) => [experiment, { ...split, train: freshTraining(experiment, split, i + 1) }] as const,
    ),
  );
  const [drawn, seeded, drawnFresh] = [resampled, reseeded, refreshed].map((one) => one.map(meanOf));
  const training = spread(drawn);
  const own = surprisal(scores);
  const overSeeds = spread([meanOf(own), ...seeded]);
  return {
    label,
    survey: split.train.name,
    trainingPersons: split.train.careers.length,
    scores,
    perplexity: Math.exp(value),
    test: { error: standardError, of: persons },
    training,
    seeds: overSeeds,
    fresh: spread(drawnFresh),
    total: Math.hypot(standardError, training?.error ?? 0, overSeeds?.error ?? 0),
    drawn,
    drawnFresh,
    fits: {
      seeds: [own, ...reseeded],
      resamples: resampled,
      isRandom: seeds > 0,
      isTrained: draws > 0,
    },
    note: notes.size === 0 ? undefined : [...notes].join("; "),
  };
}

/** A plan that could not be carried out, and why. */
export interface ErrorFailure {
  label: string;
  reason: string;
}

/** `errorSources`, where a fault in what is asked for or available becomes a row of its own. */
export async function tryErrorSources(plan: ErrorPlan): Promise<ErrorSources | ErrorFailure> {
  try {
    return await errorSources(plan);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { label: plan.label, reason: error.message };
  }
}

/** `tryErrorSources` of each. */
export async function allErrorSources(plans: readonly ErrorPlan[]): Promise<(ErrorSources | ErrorFailure)[]> {
  const found: (ErrorSources | ErrorFailure)[] = [];
  for (const one of plans) found.push(await tryErrorSources(one));
  return found;
}

/** As many training persons as a synthetic survey's split has, drawn anew from its law. */
function freshTraining(experiment: Experiment, { train }: PanelSplit, draw: number) {
  const { survey, years, step } = experiment;
  const { law } = train;
  if (law === undefined || years !== undefined || step !== undefined) {
    throw new UserError(
      `${survey}: fresh training sets cannot be drawn`,
      "Take a synthetic survey, with all its years and steps.",
    );
  }
  const persons = train.careers.length;
  return { ...train, careers: syntheticSurvey(law.kind, { law, persons, seed: FRESH + draw }).careers };
}

/** Seeds of fresh surveys: far from those that surveys are read with. */
const FRESH = 1_000_000;

/** Mean surprisal, nats, and its standard error over persons. */
function surprisalError(scores: ObservedScores) {
  const totals = personTotals(scores, surprisal(scores)).all;
  return { ...clusterRobustMean(totals), persons: totals.total.length };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Standard deviation of some draws with its interval; undefined of fewer than two. */
export function spread(draws: readonly number[]): Spread | undefined {
  const found = deviation(draws);
  if (found === undefined) return undefined;
  const { error, of } = found;
  const [low, high] = [0.975, 0.025].map((p) => error * Math.sqrt((of - 1) / chiSquaredQuantile(p, of - 1)));
  return { error, of, low, high };
}

/** An order of two methods by mean log-probability, and what it is sure of. */
export type OrderOverTrainingSets = {
  claim: string;
  /** Mean surprisal of the higher less that of the lower, nats, a mean over the seeds. */
  difference: number;
  "standard error, test persons": number;
  "standard error, training sets"?: number;
  resamples?: number;
  /** Of the mean over the seeds. */
  "standard error, seeds"?: number;
  seeds?: number;
  "standard error, total": number;
  "degrees of freedom": number;
  /** Of the resamples, fitted by both: those with the order. */
  "same order": string;
  "by test persons alone": string;
  "by all": string;
};

/**
 * Whether one method's lead over another would be there with other training persons and seeds (`wholeDifference`). Both see
 * the same resamples, so that the difference is paired in test persons and in training sets.
 * @throws UserError if the two predict other persons or learnt from other training sets
 */
export function orderOverTrainingSets(lower: ErrorSources, higher: ErrorSources): OrderOverTrainingSets {
  const { label: low, scores: a } = lower;
  const { label: high, scores: b } = higher;
  checkSameRows({ [low]: a, [`${high} `]: b });
  if (lower.survey !== higher.survey || lower.trainingPersons !== higher.trainingPersons) {
    throw new UserError(`${low} and ${high} have other training persons`, "Compare fits on the same.");
  }
  const whole = wholeDifference(a, lower.fits, higher.fits);
  const { overPersons, overSamples, overSeeds } = whole;
  const common = Math.min(lower.drawn.length, higher.drawn.length);
  const ahead = lower.drawn.slice(0, common).filter((x, i) => x < higher.drawn[i]).length;
  const alone = { value: whole.value, standardError: overPersons.error, persons: overPersons.of };
  return {
    claim: `${low} is below ${high}`,
    difference: whole.value,
    "standard error, test persons": overPersons.error,
    "standard error, training sets": overSamples?.error,
    resamples: overSamples?.of,
    "standard error, seeds": overSeeds?.error,
    seeds: overSeeds?.of,
    "standard error, total": whole.standardError,
    "degrees of freedom": whole.degrees,
    "same order": `${ahead} of ${common}`,
    "by test persons alone": sideInWords(alone),
    "by all": sideInWords(whole),
  };
}

/** Where the higher less the lower is to none. */
function sideInWords(difference: Measured): string {
  const words = {
    above: "the order, beyond its error",
    below: "the reverse, beyond its error",
    within: "no difference beyond its error",
    "not known": "not known",
  };
  return words[standingOf(difference)];
}
