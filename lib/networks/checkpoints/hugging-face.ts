import { lstatSync } from "node:fs";
import { basename, join } from "node:path";
import { UserError } from "../../errors";
import {
  asReadError,
  isFolder,
  isObject,
  type NamedArray,
  readJsonObject,
  SafetensorsSource,
  type TensorSource,
} from "../../files";
import { folderRemedy } from "./folder-hints";
import { snapshotFolder } from "./hub-cache";
import { CONFIG, INDEX, isFileName, modelsIn, WEIGHTS } from "./hugging-face-files";

export { tokenizerFolderOf } from "./hugging-face-files";
export { copyTokenizer, type HuggingFaceContents, writeHuggingFaceFolder } from "./hugging-face-writer";

/** A model as its folder holds it: nothing is interpreted. */
export interface HuggingFaceFolder {
  /** config.json */
  config: Record<string, unknown>;
  /** By the names of the files; tied weights are there once. */
  tensors: Map<string, NamedArray>;
}

/** As `HuggingFaceFolder`, with weights that are read when asked for. */
export interface HuggingFaceSource {
  config: Record<string, unknown>;
  tensors: TensorSource;
}

/**
 * Reads config.json and the weights, in one file or in shards, whole.
 * @throws as `openHuggingFaceFolder`
 */
export function readHuggingFaceFolder(folder: string): HuggingFaceFolder {
  const { config, tensors } = openHuggingFaceFolder(folder);
  return { config, tensors: new Map([...tensors.shapes.keys()].map((name) => [name, tensors.read(name)])) };
}

/**
 * Reads config.json and the headers of the weights, in one file or in shards.
 * @param given may be one of several models in the subfolders of another, or a repository in the hub's cache
 * @throws UserError where a file is missing or malformed, or the shards are not those that the index names
 */
export function openHuggingFaceFolder(given: string): HuggingFaceSource {
  const folder = snapshotFolder(given);
  if (!isFolder(folder)) {
    throw new UserError(
      `${folder}: no such folder`,
      oneOf(join(folder, ".."), "Name the folder that holds config.json."),
    );
  }
  const hint = isThere(join(folder, CONFIG)) ? undefined : folderRemedy(folder);
  const missing =
    hint ??
    "A checkpoint is a folder with config.json, which is written last: this one is missing or was cut short.";
  if (!isThere(join(folder, CONFIG)) && modelsIn(folder).length > 0) {
    throw new UserError(`${folder}: no ${CONFIG}`, oneOf(folder, missing));
  }
  const config = readJsonObject(join(folder, CONFIG), missing);
  if (isThere(join(folder, WEIGHTS))) {
    return { config, tensors: new SafetensorsSource(join(folder, WEIGHTS)) };
  }
  if (isThere(join(folder, INDEX))) return { config, tensors: openShards(folder) };
  throw new UserError(`${folder}: no ${WEIGHTS}`, folderRemedy(folder) ?? "Copy the model's weights there.");
}

/** Whether a folder has an entry, be it a link to nothing: reading it then says so. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Names the models in a folder, as a remedy. */
function oneOf(folder: string, otherwise: string): string {
  const models = modelsIn(folder).map((name) => join(folder, name));
  if (models.length === 0) return otherwise;
  const more = models.length > 8 ? ` and ${models.length - 8} more` : "";
  return `Name one of the models in it: ${models.slice(0, 8).join(", ")}${more}.`;
}

function openShards(folder: string): TensorSource {
  const path = join(folder, INDEX);
  const { weight_map: map } = readJsonObject(path);
  if (!isObject(map)) throw new UserError(`${path}: no weight_map`, "Download it again.");
  const shards = new Map<string, SafetensorsSource>();
  const shapes = new Map<string, readonly number[]>();
  const shardOf = new Map<string, SafetensorsSource>();
  for (const [name, file] of Object.entries(map)) {
    if (!isFileName(file)) {
      throw new UserError(`${path}: tensor "${name}" is in ${JSON.stringify(file)}, which is no file name`);
    }
    const shard = shards.get(file) ?? openShard(join(folder, file));
    shards.set(file, shard);
    const shape = shard.shapes.get(name);
    if (shape === undefined) {
      throw new UserError(
        `${shard.path}: no tensor "${name}", which ${INDEX} places there`,
        "Download both again.",
      );
    }
    shapes.set(name, shape);
    shardOf.set(name, shard);
  }
  return {
    shapes,
    read: (name) => shardOf.get(name)!.read(name),
    fileOf: (name) => shardOf.get(name)!.path,
  };
}

function openShard(path: string): SafetensorsSource {
  if (isThere(path)) return new SafetensorsSource(path);
  const absent = Object.assign(new Error(`${basename(path)} is absent`), { code: "ENOENT" });
  throw asReadError(path, absent, `${INDEX} places weights there: download that part of the model too.`);
}
