import { rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import {
  type Experiment,
  fitFolder,
  type NamedExperiment,
  predictionsFolder,
  runExperiment,
  runsFolder,
  showFit,
  splitOf,
  withRunsIn,
} from "../experiments";
import { fileDigest, temporaryFolder } from "../files";
import { type FitProgress, readModelCard } from "../methods";
import { checkSameRows, surprisal } from "../metrics";
import { readDistribution, type TitleDistribution } from "../predictions";

/** How far two predictions of the same person-years are apart. */
export interface DistributionDifference {
  /** Log-probabilities compared. */
  cells: number;
  /** Those of which any bit differs. */
  unequal: number;
  /** Largest difference of ln P, nats; Infinity where one holds impossible what the other does not. */
  largest: number;
}

/** A fit that is kept beside one made anew from the same configuration. */
export interface Rerun extends DistributionDifference {
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
export function compareDistributions(a: TitleDistribution, b: TitleDistribution): DistributionDifference {
  checkSameRows({ first: a, second: b });
  const bits = ({ logProbability: x }: TitleDistribution) =>
    new Uint32Array(x.buffer, x.byteOffset, x.length);
  const [bitsA, bitsB] = [bits(a), bits(b)];
  const cells = bitsA.length;
  let unequal = 0;
  let largest = 0;
  for (let i = 0; i < cells; i++) {
    if (bitsA[i] === bitsB[i]) continue;
    unequal++;
    const apart = Math.abs(a.logProbability[i] - b.logProbability[i]);
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
    return { label, files: files.length, sameFiles, ...compareDistributions(kept.found, fresh.found) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { label, reason: error.message };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Fits an experiment of which the log-probabilities are kept (`Experiment.keep`) anew, in an empty folder, and compares
 * with them what it says of the titles that happened, in their six digits. No file is compared.
 */
export async function rerunKept({ label, experiment }: NamedExperiment): Promise<Rerun | RerunFailure> {
  const folder = temporaryFolder("rerun");
  const asked = { ...experiment, observedOnly: true, keep: true };
  try {
    const kept = await runExperiment(asked, showFit(`${label}, as kept`));
    const fresh = await withRunsIn(folder, () => runExperiment(asked, showFit(`${label}, anew`)));
    const [a, b] = [kept, fresh].map(({ distribution }) => surprisal(distribution));
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
  const predictions = join(await predictionsFolder(experiment, split), "distribution.safetensors");
  const model = readModelCard(await fitFolder(experiment, split));
  const files: Record<string, string> = { ...model.files, predictions: fileDigest(predictions) };
  return { files, found: readDistribution(predictions) };
}

/** A re-run in words: the same bytes, or apart by no more than a tolerance of ln P, in nats, or by more. */
export function judgeRerun({ files, sameFiles, unequal, largest }: Rerun, tolerance: number): string {
  if (files === 0 && unequal === 0) return "the same digits";
  if (sameFiles === files && unequal === 0) return "the same bytes";
  if (unequal === 0) return "the same predictions, from a model of other bytes";
  if (largest <= tolerance) return `within ${tolerance} nats, not to the byte`;
  return `ln P differs by up to ${largest.toPrecision(2)} nats`;
}
