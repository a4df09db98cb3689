import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type ObservedScores,
  observedScores,
  readDistribution,
  readScores,
  type TitleDistribution,
  writeDistribution,
  writeScores,
} from "../../predictions";

/** What a model says of the test persons of an experiment. */
export interface Predictions {
  scores: ObservedScores;
  /** Absent of an experiment of the observed titles only. */
  distribution?: TitleDistribution;
}

const [SCORES, DISTRIBUTION] = ["scores.safetensors", "distribution.safetensors"];

/** The file that holds predictions, in their folder. */
export function predictionsFile(folder: string, observedOnly: boolean): string {
  return join(folder, observedOnly ? SCORES : DISTRIBUTION);
}

/** Keeps predictions in a folder. @throws UserError if the file cannot be written */
export function writePredictions(folder: string, { scores, distribution }: Predictions): void {
  if (distribution === undefined) writeScores(predictionsFile(folder, true), scores);
  else writeDistribution(predictionsFile(folder, false), distribution);
}

/** @throws DamagedFile for a file that is not as it was written, or is not there */
export function readPredictions(folder: string, observedOnly: boolean): Predictions {
  if (!observedOnly) {
    const distribution = readDistribution(join(folder, DISTRIBUTION));
    return { scores: observedScores(distribution), distribution };
  }
  const file = join(folder, SCORES);
  if (existsSync(file)) return { scores: readScores(file) };
  // As they were kept earlier: in a distribution that may know of nothing else.
  const scores = observedScores(readDistribution(join(folder, DISTRIBUTION)));
  writeScores(file, scores);
  return { scores };
}
