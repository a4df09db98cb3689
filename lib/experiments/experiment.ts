import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  demandPersons,
  limitSplit,
  type PanelSplit,
  type PartLimits,
  type SplitPart,
  samplePersons,
  shortHistories,
  splitByPerson,
  splitYears,
  thinToSteps,
  within,
  type YearSplit,
} from "../careers";
import { startEngine } from "../engine";
import { UserError } from "../errors";
import { codeDigest, digest, readSealed, writeSealed } from "../files";
import {
  type FitProgress,
  type FitReport,
  type FitTask,
  fitInHeldFolder,
  isModelFolder,
  isSoundModelFolder,
  type Method,
  methodNamed,
  methods,
  openModelFolder,
  settingsOf,
} from "../methods";
import {
  type OccupationModel,
  observedScores,
  type PersonYearRows,
  personYearRows,
  selectRows,
  type TitleDistribution,
} from "../predictions";
import { currentSession } from "../session";
import { type RuleTexts, readSurvey } from "../surveys";
import { literalWording, type Wording, wordingFor } from "../text";
import {
  cachingParts,
  type FitIdentity,
  getOrCompute,
  noteOn,
  type PartCache,
  type Predictions,
  readPredictions,
  readSavedScores,
  runsAreElsewhere,
  runsFolder,
  type SavedScores,
  scoresOf,
  withoutPaths,
  writePredictions,
  writeSavedScores,
} from "./cache";
import { type Conditioning, predictGiven, scoreGiven } from "./conditioning";
import { onInterrupt } from "./interrupt";
import { type Pool, poolOf } from "./pool";
import { withResample } from "./resample";

/** A fit and its predictions of the test persons, as data: a row of a table. */
export interface Experiment {
  /** As `readSurvey` takes it; with a column map, if it needs one. */
  survey: string;
  map?: string;
  /** Rules of the survey's reader that differ from its own, as `readSurvey` takes them. */
  rules?: RuleTexts;
  /** Name of a method (`methodNames`). */
  method: string;
  /** The method's own settings; its defaults where nothing is said. */
  settings?: object;
  /** How the text words titles, and which covariates it leaves out. Default: in words, nothing left out. */
  wording?: Partial<Wording>;
  /** Most persons of each part. Default: all. */
  persons?: PartLimits;
  /** Which years are learnt from, and which of the test persons' are scored. Default: all. */
  years?: YearSplit;
  /** Years from one observation to the next, in training and test (`thinToSteps`). Default: as observed. */
  step?: number;
  /**
   * Training and validation person-years are predicted from so many of the last observations before them at most
   * (`shortHistories`), by a method that `learnsFromParts`. Default: from all.
   */
  history?: number;
  /** What the model is given of the test persons, where it is not all; the fit is the same. */
  conditioning?: Conditioning;
  /** Share of these training persons that are used, above 0 to 1; a smaller share is part of a larger one. Default 1. */
  share?: number;
  /** Training persons drawn anew with replacement: the number of the draw (`withResample`). Default: those that there are. */
  resample?: number;
  /** Careers of other surveys to train on too, for a method that `pools`; no resample touches them. */
  pool?: readonly Pool[];
  /** The fit goes on from that of this experiment, of the same method, on other careers perhaps. */
  from?: Experiment;
  /** Whose person-years are predicted. Default: the test persons'. */
  predicts?: "validation";
  /** Whether the model answers for the observed titles only (`ObservedScores`). Default false: with full distributions. */
  observedOnly?: boolean;
  /**
   * Whether what a costly fit says of the titles that happened is kept beside the results (`SavedScores`), for machines
   * that have not fitted it. Of an experiment of the observed titles only, the scores have its six digits, made or read, so
   * that both give the same tables. Default false.
   */
  saveScores?: boolean;
  /** Why it is not run, though it could be on a larger machine: the row of a table has this reason. */
  tooCostly?: string;
  /** Seed of the split, of the samples of persons and, unless it has its own, of the fit. */
  seed: number;
  /** Seed of what is random in the fit alone: first weights, order of training, dropout. Default: `seed`. */
  fitSeed?: number;
}

/** An experiment whose outcome has full distributions. */
export type FullExperiment = Experiment & { observedOnly?: false };

/** A fitted model and what the fit told of itself. */
export interface Fit extends FitReport {
  model: OccupationModel;
  /** Wall time when it was fitted. */
  seconds: number;
}

/** What became of an experiment. */
export interface Outcome extends FitReport, Predictions {
  experiment: Experiment;
  /** Wall time of fit and prediction when they were made. */
  seconds: { fit: number; predict: number };
  /** Where it is from, if not from a fit on this machine. */
  note?: string;
}

/** What became of an experiment that is not of the observed titles only. */
export interface FullOutcome extends Outcome {
  distribution: TitleDistribution;
}

/** Written last: where it is, the predictions are there. */
const OUTCOME = "outcome.json";

/** What the data of an experiment is a function of. */
type DataOf = Pick<
  Experiment,
  | "survey"
  | "map"
  | "rules"
  | "seed"
  | "persons"
  | "years"
  | "step"
  | "share"
  | "resample"
  | "history"
  | "predicts"
>;

/**
 * The data of an experiment: the survey, split by person, limited, cut by years and thinned to steps; of the training
 * persons that this leaves, a resample is drawn; their person-years are cut from short histories, if they are to be.
 * @param needed parts that must have somebody; default all three
 * @throws UserError as `readSurvey`, or if a part that is needed has nobody, or nobody in its years
 */
export function splitOf(data: DataOf, needed?: readonly SplitPart[]): PanelSplit {
  return cutSplit(wholeSplit(data, needed), data);
}

/** The survey of an experiment, split by person and limited: what experiments of other years and shares have in common. */
export function wholeSplit(
  { survey, map, rules, seed, persons = {} }: DataOf,
  needed?: readonly SplitPart[],
): PanelSplit {
  const parts = splitByPerson(readSurvey(survey, map, rules), { seed });
  demandPersons(parts, needed);
  return limitSplit(parts, persons, seed);
}

/** The data of an experiment from its `wholeSplit`. @throws UserError as `splitOf` */
export function cutSplit(
  whole: PanelSplit,
  { seed, years = {}, step = 1, share = 1, resample, history, predicts }: DataOf,
): PanelSplit {
  const { train, validation, test } = splitYears(withShare(whole, share, seed), years);
  const thinned = {
    train: thinToSteps(train, step),
    validation: thinToSteps(validation, step),
    test: thinToSteps(test, step),
  };
  // Histories are cut of those who are learnt from, not of those who are predicted.
  const predicted = predicts === undefined ? thinned : { ...thinned, test: thinned[predicts] };
  return withShortHistories(withResample(predicted, resample, seed), history);
}

/** A split whose training and validation person-years are predicted from short histories. */
export function withShortHistories(split: PanelSplit, history: number | undefined): PanelSplit {
  if (history === undefined) return split;
  const { train, validation, test } = split;
  return { train: shortHistories(train, history), validation: shortHistories(validation, history), test };
}

/** A split with a share of its training persons. @throws UserError for a share that is none */
export function withShare(split: PanelSplit, share: number, seed: number): PanelSplit {
  if (share === 1) return split;
  if (!(share > 0 && share <= 1)) throw new UserError(`share is ${share}`, "Give one above 0, at most 1.");
  const kept = Math.max(1, Math.round(share * split.train.careers.length));
  return { ...split, train: samplePersons(split.train, kept, seed) };
}

/** Those of a model's answers that an experiment scores. */
export function scoredYears<Answers extends PersonYearRows>(
  answers: Answers,
  years: YearSplit = {},
): Answers {
  if (years.test === undefined) return answers;
  return selectRows(answers, (n) => within(answers.year[n], years.test));
}

/**
 * The model of an experiment: fitted, or what an earlier call left, be it the model or the checkpoint of a fit that
 * was killed. The key is a hash of settings, training careers, engine and the method's code. What was damaged is computed again.
 * @param split the experiment's data, if it is available (`splitOf`)
 * @throws UserError for a survey, method or setting that there is not, what is too costly, and as the method's fit
 */
export async function fitExperiment(
  experiment: Experiment,
  onProgress?: FitProgress,
  split: PanelSplit = splitOf(experiment),
): Promise<Fit> {
  checkAffordable(experiment);
  const { method, settings, wording } = complete(experiment);
  checkHistory(experiment, method);
  const seed = fitSeedOf(experiment);
  if (isOwn(method)) {
    const task = { ...split, pool: poolOf(experiment, split), settings, seed, onProgress };
    return fitInProcess(method, { ...task, wording: wordingFor(split.train, wording) });
  }
  const folder = await fitFolder(experiment, split);
  return getOrCompute(
    `${folder}.lock`,
    () => (isModelFolder(folder) ? openFit(folder) : undefined),
    async () => {
      const { train, validation } = split;
      const from = experiment.from && (await fittedFolder(experiment.from, onProgress));
      const pool = poolOf(experiment, split);
      const task = { train, validation, pool, settings, wording, seed, from, onProgress };
      const { save: _, ...fitted } = await onInterrupt((signal) =>
        fitInHeldFolder(method, { ...task, signal }, folder),
      );
      return fitted;
    },
  );
}

function checkAffordable({ tooCostly }: Experiment): void {
  if (tooCostly !== undefined) throw new UserError(tooCostly);
}

function checkHistory({ history, pool = [] }: Experiment, { id, learnsFromParts }: Method<object>): void {
  if (history === undefined) return;
  if (!learnsFromParts) {
    throw new UserError(
      `${id} cannot be trained on short histories`,
      `Methods that can: ${methods.flatMap((one) => (one.learnsFromParts ? [one.id] : [])).join(", ")}.`,
    );
  }
  if (pool.length > 0)
    throw new UserError("pooled careers have no short histories", "Leave out one of the two.");
}

/** Whether a method is this process's own: its fits and predictions are not cached. */
function isOwn({ code }: Method<object>): boolean {
  return code === undefined;
}

async function fitInProcess(method: Method<object>, task: FitTask<object>): Promise<Fit> {
  demandPersons(task, method.needs?.(task.settings));
  const started = Date.now();
  const { save: _, ...fitted } = await method.fit(task);
  return { ...fitted, seconds: (Date.now() - started) / 1000 };
}

async function openFit(folder: string): Promise<Fit> {
  const { model, card } = await openModelFolder(folder);
  return { ...card.report, model, seconds: card.seconds };
}

/**
 * Fits and predicts as configured, or takes up what an earlier call left, be it a part of the predictions.
 * @throws as `fitExperiment`
 */
export async function runExperiment(
  experiment: FullExperiment,
  onProgress?: FitProgress,
  split?: PanelSplit,
): Promise<FullOutcome>;
export async function runExperiment(
  experiment: Experiment,
  onProgress?: FitProgress,
  split?: PanelSplit,
): Promise<Outcome>;
export async function runExperiment(
  experiment: Experiment,
  onProgress?: FitProgress,
  split: PanelSplit = splitOf(experiment),
): Promise<Outcome> {
  checkAffordable(experiment);
  if (isOwn(complete(experiment).method)) return predictWith(experiment, split, onProgress, (model) => model);
  const { observedOnly = false } = experiment;
  const folder = await predictionsFolder(experiment, split);
  const done = join(folder, OUTCOME);
  const cached = (): Outcome | undefined => {
    if (!existsSync(done)) return undefined;
    const outcome = readSealed<Omit<Outcome, "experiment" | keyof Predictions>>(done);
    return { ...outcome, experiment, ...readPredictions(folder, observedOnly) };
  };
  const make = async (): Promise<Outcome> => {
    const earlier = await earlierOutcome(experiment, split);
    if (earlier !== undefined) return earlier;
    let parts: PartCache | undefined;
    const made = await predictWith(experiment, split, onProgress, (model) => {
      parts = cachingParts(model, `${folder}-parts`);
      return parts;
    });
    const { experiment: _, scores, distribution, ...outcome } = made;
    writePredictions(folder, { scores, distribution });
    writeSealed(done, outcome);
    parts?.discard();
    return made;
  };
  const outcome = await getOrCompute(lockOf(folder), cached, make);
  if (!experiment.saveScores || outcome.note !== undefined || runsAreElsewhere()) return outcome;
  const numbers = await saveNumbers(outcome, split);
  return observedOnly ? { ...outcome, scores: scoresOf(numbers, outcome.scores) } : outcome;
}

/** Fits and predicts. @param through the model that predicts in place of the fitted one */
async function predictWith(
  experiment: Experiment,
  split: PanelSplit,
  onProgress: FitProgress | undefined,
  through: (model: OccupationModel) => OccupationModel,
): Promise<Outcome> {
  const { observedOnly, conditioning = {}, seed, years } = experiment;
  const { model, seconds, ...report } = await fitExperiment(experiment, onProgress, split);
  const started = Date.now();
  const { careers } = split.test;
  const options = {
    onProgress: (n: number, total: number) => onProgress?.(n, total, "person-years predicted"),
  };
  let predictions: Predictions;
  try {
    const reader = through(model);
    if (observedOnly) {
      const scores = await scoreGiven(reader, careers, conditioning, seed, options);
      predictions = { scores: scoredYears(scores, years) };
    } else {
      const whole = await predictGiven(reader, careers, conditioning, seed, options);
      const distribution = scoredYears(whole, years);
      predictions = { scores: observedScores(distribution), distribution };
    }
  } finally {
    model.dispose?.();
  }
  const took = { fit: seconds, predict: (Date.now() - started) / 1000 };
  return { ...report, seconds: took, experiment, ...predictions };
}

/**
 * What an earlier fit said of the observed titles, of an experiment of these only whose model is not here.
 * @returns undefined if there is no such thing; one line on standard error says why what is there is not used
 */
async function earlierOutcome(experiment: Experiment, split: PanelSplit): Promise<Outcome | undefined> {
  // A fit that is computed again on purpose is not taken from anywhere.
  if (!experiment.saveScores || !experiment.observedOnly || runsAreElsewhere()) return undefined;
  if (currentSession().anew) return undefined;
  if (isModelFolder(await fitFolder(experiment, split))) return undefined;
  const identity = await identityOf(experiment, split);
  const { careers, titles, name } = split.test;
  const rows = scoredYears(personYearRows(careers, titles), experiment.years);
  const found = readSavedScores(name, identity, rows.observed.length);
  if (found === undefined) return undefined;
  const scores = scoresOf(found, rows);
  process.stderr.write(`${name}, ${experiment.method}: not fitted, its log-probabilities are kept\n`);
  return { ...found.report, experiment, scores, seconds: found.seconds, note: noteOn(found, identity) };
}

async function saveNumbers(outcome: Outcome, split: PanelSplit): Promise<SavedScores> {
  const { experiment, scores, distribution: __, seconds, note: _, ...report } = outcome;
  const { train, validation, test } = split;
  const kept = {
    ...(await identityOf(experiment, split)),
    survey: test.name,
    persons: {
      train: train.careers.length,
      validation: validation.careers.length,
      test: test.careers.length,
    },
    personYears: scores.observed.length,
    report,
    seconds,
  };
  return writeSavedScores(kept, scores);
}

/** Whether an experiment's predictions, or the model that makes them, are there already: nothing has to be fitted. */
export async function isAvailable(experiment: Experiment, split: PanelSplit): Promise<boolean> {
  if (isOwn(complete(experiment).method)) return false;
  const predicted = join(await predictionsFolder(experiment, split), OUTCOME);
  if (existsSync(predicted) || isModelFolder(await fitFolder(experiment, split))) return true;
  return (await earlierOutcome(experiment, split)) !== undefined;
}

/** The lock of what is kept in a folder of a fit: beside the fit, which may not be there yet. */
export function lockOf(folder: string): string {
  return `${dirname(folder)}-${basename(folder)}.lock`;
}

/** @throws UserError of a method of this process: nothing of it is cached */
function codeOf({ id, code }: Method<object>): string {
  if (code !== undefined) return code;
  throw new UserError(`${id} is a method of one process: what it predicts is not cached`);
}

/** The code that conditions predictions on less. */
const conditioningCode = join(__dirname, "conditioning.js");

/** Where the predictions of a split's test persons are kept, in the folder of the fit. */
export async function predictionsFolder(experiment: Experiment, split: PanelSplit): Promise<string> {
  const { conditioning, observedOnly, seed, years } = experiment;
  const less = conditioning === undefined ? [] : [conditioning, seed, codeDigest(conditioningCode)];
  const scored = digest([split.test.careers, years?.test, ...less]);
  const name = `predictions-${scored}${observedOnly ? "-observed" : ""}`;
  return join(await fitFolder(experiment, split), name);
}

/** A row that could not be made, and why: it stays in the table. */
export interface Failure {
  experiment: Experiment;
  reason: string;
}

/** `runExperiment`, where a fault in what is asked for or available becomes a row of its own. */
export async function tryExperiment(
  experiment: Experiment,
  onProgress?: FitProgress,
  split?: PanelSplit,
): Promise<Outcome | Failure> {
  try {
    return await runExperiment(experiment, onProgress, split);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { experiment, reason: error.message };
  }
}

/** The folder of an experiment's model, which is fitted first if need be. @throws as `fitExperiment` */
export async function fittedFolder(experiment: Experiment, onProgress?: FitProgress): Promise<string> {
  const split = splitOf(experiment);
  const folder = await fitFolder(experiment, split);
  if (!isSoundModelFolder(folder)) (await fitExperiment(experiment, onProgress, split)).model.dispose?.();
  return folder;
}

function fitSeedOf({ seed, fitSeed = seed }: Experiment): number {
  return fitSeed;
}

function complete(experiment: Experiment) {
  const method = methodNamed(experiment.method);
  return {
    method,
    settings: settingsOf(method, experiment.settings ?? {}),
    wording: { ...literalWording, ...experiment.wording },
  };
}

/** Where a fit is kept: whatever it is a function of is in the name. */
export async function fitFolder(experiment: Experiment, split: TrainedOn): Promise<string> {
  const { engine, version } = await startEngine();
  const { from } = experiment;
  const start = from === undefined ? undefined : basename(await fitFolder(from, splitOf(from)));
  const { method, settings } = complete(experiment);
  const parts = await partsOf(experiment, split, settings);
  return join(
    runsFolder(),
    digest([...parts, start, engine, version, codeDigest(codeOf(method))]).slice(0, 24),
  );
}

type TrainedOn = Pick<PanelSplit, "train" | "validation">;

/**
 * What a fit is a function of, besides the fit that it goes on from, the engine and the code.
 * @param named the settings, as they are named
 */
async function partsOf(
  experiment: Experiment,
  { train, validation }: TrainedOn,
  named: unknown,
): Promise<unknown[]> {
  const { method, settings, wording } = complete(experiment);
  return [
    method.id,
    named,
    await method.fingerprint?.(settings),
    wording,
    fitSeedOf(experiment),
    train.surveyTag,
    train.titles.titles,
    digest(train.careers),
    digest(validation.careers),
    poolOf(experiment, { train }).map(({ panel, weights }) => [
      panel.surveyTag,
      digest(panel.careers),
      digest(weights),
    ]),
  ];
}

/** Digest of what a fit is a function of but engine and code, the same on every machine. */
async function fitDigest(experiment: Experiment, split: TrainedOn): Promise<string> {
  const { from } = experiment;
  const start = from === undefined ? undefined : await fitDigest(from, splitOf(from));
  // A base model is known by its fingerprint, wherever it lies.
  const named = withoutPaths(complete(experiment).settings);
  return digest([...(await partsOf(experiment, split, named)), start]);
}

/** What log-probabilities, and numbers made of them, are kept under. */
export async function identityOf(experiment: Experiment, split: PanelSplit): Promise<FitIdentity> {
  const { engine, version } = await startEngine();
  const { method, settings, wording } = complete(experiment);
  const { saveScores: _, observedOnly: __, tooCostly: ___, ...rest } = experiment;
  const fit = await fitDigest(experiment, split);
  const { conditioning, seed, years } = experiment;
  const fitSeed = fitSeedOf(experiment);
  return {
    configuration: withoutPaths({ ...rest, method: method.id, settings, wording, fitSeed }),
    fit,
    careers: digest([
      fit,
      split.test.careers,
      years?.test,
      ...(conditioning === undefined ? [] : [conditioning, seed]),
    ]),
    code: (conditioning === undefined
      ? codeDigest(codeOf(method))
      : digest([codeOf(method), conditioningCode].map(codeDigest))
    ).slice(0, 12),
    engine: `${engine} ${version}`,
  };
}
