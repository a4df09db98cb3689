import { rmSync } from "node:fs";
import { UserError } from "../errors";
import {
  type Experiment,
  fitFolder,
  type NamedExperiment,
  type Predictions,
  predictionsFile,
  predictionsFolder,
  readPredictions,
  runExperiment,
  runsFolder,
  showFit,
  splitOf,
  withRunsIn,
} from "../experiments";
import { fileDigest, temporaryFolder } from "../files";
import { type FitProgress, readModelCard } from "../methods";
import { checkSameRows, surprisal } from "../metrics";
import type { ObservedScores, TitleDistribution } from "../predictions";

/** How far two predictions of the same person-years are apart. */
export interface PredictionDifference {
  /** Log-probabilities compared. */
  cells: number;
  /** Those of which any bit differs. */
  unequal: number;
  /** Largest difference of ln P, nats; Infinity where one holds impossible what the other does not. */
  largest: number;
}

/** A fit that is kept beside one made again from the same configuration. */
export interface Rerun extends PredictionDifference {
  label: string;
  /** Files of the fitted model, and those of them that the new fit made to the byte; none where only numbers are kept. */
  files: number;
  sameFiles: number;
}

/** A configuration that could not be run, and why. */
export interface RerunFailure {
  label: string;
  reason: string;
}

/**
 * Compares two predictions bit by bit.
 * @throws UserError if they are of other titles or person-years
 */
export function compareDistributions(a: TitleDistribution, b: TitleDistribution): PredictionDifference {
  checkSameRows({ first: a, second: b });
  return compareNumbers(a.logProbability, b.logProbability);
}

/** As `compareDistributions`, of the observed titles only. */
export function compareScores(a: ObservedScores, b: ObservedScores): PredictionDifference {
  checkSameRows({ first: a, second: b });
  return compareNumbers(a.observedLogProbability, b.observedLogProbability);
}

function compareNumbers(a: ArrayLike<number>, b: ArrayLike<number>): PredictionDifference {
  const cells = a.length;
  let unequal = 0;
  let largest = 0;
  for (let i = 0; i < cells; i++) {
    if (Object.is(a[i], b[i])) continue;
    unequal++;
    const apart = Math.abs(a[i] - b[i]);
    largest = Math.max(largest, Number.isNaN(apart) ? Infinity : apart);
  }
  return { cells, unequal, largest };
}

/**
 * Fits and predicts an experiment anew, in an empty folder that is removed afterwards, and compares with what is kept
 * (which is made first where there is nothing).
 */
export async function rerun({ label, experiment }: NamedExperiment): Promise<Rerun | RerunFailure> {
  const folder = temporaryFolder("rerun");
  try {
    // A fit of this machine: numbers of an earlier one are no model to compare with.
    const kept = await withRunsIn(runsFolder(), () => made(experiment, showFit(`${label}, as kept`)));
    const fresh = await withRunsIn(folder, () => made(experiment, showFit(`${label}, anew`)));
    const files = Object.entries(kept.files);
    const sameFiles = files.filter(([name, sha256]) => fresh.files[name] === sha256).length;
    return { label, files: files.length, sameFiles, ...comparePredictions(kept.found, fresh.found) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { label, reason: error.message };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Fits an experiment of which the log-probabilities are kept (`Experiment.saveScores`) anew, in an empty folder, and compares
 * with them what it says of the observed titles, in their six digits. No file is compared.
 */
export async function rerunSaved({ label, experiment }: NamedExperiment): Promise<Rerun | RerunFailure> {
  const folder = temporaryFolder("rerun");
  const observed = { ...experiment, observedOnly: true, saveScores: true };
  try {
    const kept = await runExperiment(observed, showFit(`${label}, as kept`));
    const fresh = await withRunsIn(folder, () => runExperiment(observed, showFit(`${label}, anew`)));
    const [a, b] = [kept, fresh].map(({ scores }) => surprisal(scores));
    const apart = a.map((x, n) => Math.abs(x - Math.fround(Number(b[n].toPrecision(6)))));
    const largest = apart.reduce((most, x) => Math.max(most, x), 0);
    const unequal = apart.filter((x) => x > 0).length;
    return { label, files: 0, sameFiles: 0, cells: a.length, unequal, largest };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { label, reason: error.message };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a run leaves on disk: the digests of the model's files, and the predictions. */
async function made(experiment: Experiment, onProgress: FitProgress) {
  const split = splitOf(experiment);
  await runExperiment(experiment, onProgress, split);
  const { observedOnly = false } = experiment;
  const folder = await predictionsFolder(experiment, split);
  const found = readPredictions(folder, observedOnly);
  const model = readModelCard(await fitFolder(experiment, split));
  const predictions = fileDigest(predictionsFile(folder, observedOnly));
  return { files: { ...model.files, predictions } as Record<string, string>, found };
}

function comparePredictions(a: Predictions, b: Predictions): PredictionDifference {
  const isFull = a.distribution !== undefined && b.distribution !== undefined;
  return isFull ? compareDistributions(a.distribution!, b.distribution!) : compareScores(a.scores, b.scores);
}

/** A re-run in words: the same bytes, or apart by no more than a tolerance of ln P, in nats, or by more. */
export function judgeRerun({ files, sameFiles, unequal, largest }: Rerun, tolerance: number): string {
  if (files === 0 && unequal === 0) return "the same digits";
  if (sameFiles === files && unequal === 0) return "the same bytes";
  if (unequal === 0) return "the same predictions, from a model of other bytes";
  if (largest <= tolerance) return `within ${tolerance} nats, not to the byte`;
  return `ln P differs by up to ${largest.toPrecision(2)} nats`;
}
