import { rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import {
  isObject,
  readJsonObject,
  readSafetensors,
  writeFileAtomically,
  writeSafetensors,
} from "../../files";
import {
  type AnyJobConfig,
  networkOf,
  restoreVocabulary,
  storeVocabulary,
  toArrays,
  toVariables,
  vocabularySizes,
} from "../../networks";
import { JobModel } from "./job-model";

const CONFIG = "config.json";
const WEIGHTS = "model.safetensors";

/**
 * Writes a model: model.safetensors, then config.json with its sizes and its vocabulary. config.json is taken away
 * first and comes back last, so that a write that was cut short leaves no model.
 * @throws UserError where the folder cannot be written
 */
export function writeJobModel(folder: string, { name, network, vocabulary }: JobModel): void {
  rmSync(join(folder, CONFIG), { force: true });
  writeSafetensors(join(folder, WEIGHTS), toArrays(network.parameters), { metadata: { format: "pt" } });
  const config = { name, network: network.config, vocabulary: storeVocabulary(vocabulary) };
  writeFileAtomically(join(folder, CONFIG), `${JSON.stringify(config, null, 1)}\n`);
}

/**
 * Reads what `writeJobModel` wrote.
 * @throws UserError where a file is missing, damaged or of another model than the other
 */
export function readJobModel(folder: string): JobModel {
  const path = join(folder, CONFIG);
  const {
    name,
    network,
    vocabulary: stored,
  } = readJsonObject(
    path,
    "A model is a folder with config.json, which is written last: this one is missing or was cut short.",
  );
  if (typeof name !== "string" || !isObject(network)) {
    throw new UserError(`${path}: this is no model over jobs`, "Give a folder that writeJobModel wrote.");
  }
  const vocabulary = restoreVocabulary(stored, path);
  const config = network as unknown as AnyJobConfig;
  const { titles, covariates } = vocabularySizes(vocabulary);
  if (config.titles !== titles || JSON.stringify(config.covariates) !== JSON.stringify(covariates)) {
    throw new UserError(`${path}: the sizes are not those of the vocabulary`, "Write the model again.");
  }
  const { tensors } = readSafetensors(join(folder, WEIGHTS));
  for (const [tensor, { values }] of tensors) {
    if (!(values as Float32Array).every(Number.isFinite)) {
      throw new UserError(
        `${join(folder, WEIGHTS)}: ${tensor} holds NaN or Inf`,
        "The model's training went wrong; train it again.",
      );
    }
  }
  return new JobModel(name, networkOf(config, toVariables(tensors), folder), vocabulary);
}
