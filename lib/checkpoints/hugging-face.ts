import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { UserError } from "../errors";
import { writeFileAtomically } from "../files/atomic";
import { asReadError, isObject, readJsonObject } from "../files/read";
import type { NamedArray } from "./named-array";
import { readSafetensors, type WritableArray, writeSafetensors } from "./safetensors";

const CONFIG = "config.json";
const WEIGHTS = "model.safetensors";
const INDEX = "model.safetensors.index.json";
const GENERATION = "generation_config.json";
const TOKENIZER_FILES = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
];

/** A model as its folder holds it: nothing is interpreted. */
export interface HuggingFaceFolder {
  /** config.json */
  config: Record<string, unknown>;
  /** By the names of the files; tied weights are there once. */
  tensors: Map<string, NamedArray>;
}

/**
 * Reads config.json and the weights, in one file or in shards.
 * @throws UserError where a file is missing or malformed, or the shards are not those that the index names
 */
export function readHuggingFaceFolder(folder: string): HuggingFaceFolder {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`${folder}: no such folder`, "Name the folder that holds config.json.");
  }
  const config = readJsonObject(
    join(folder, CONFIG),
    "A checkpoint is a folder with config.json, which is written last: this one is missing or was cut short.",
  );
  if (existsSync(join(folder, WEIGHTS))) {
    return { config, tensors: readSafetensors(join(folder, WEIGHTS)).tensors };
  }
  if (existsSync(join(folder, INDEX))) return { config, tensors: readShards(folder) };
  const pickled = ["pytorch_model.bin", "pytorch_model.bin.index.json"].some((f) =>
    existsSync(join(folder, f)),
  );
  throw new UserError(
    `${folder}: no ${WEIGHTS}`,
    pickled
      ? "Its weights are pickled; convert them with transformers: save_pretrained(folder)."
      : "Copy the model's weights there.",
  );
}

function readShards(folder: string): Map<string, NamedArray> {
  const path = join(folder, INDEX);
  const { weight_map: map } = readJsonObject(path);
  if (!isObject(map)) throw new UserError(`${path}: no weight_map`, "Download it again.");
  const shards = new Map<string, string[]>();
  for (const [name, shard] of Object.entries(map)) {
    // A path would let an index read files outside its folder.
    if (typeof shard !== "string" || shard !== basename(shard) || shard.includes("\\")) {
      throw new UserError(`${path}: tensor "${name}" is in ${JSON.stringify(shard)}, which is no file name`);
    }
    shards.set(shard, [...(shards.get(shard) ?? []), name]);
  }
  const tensors = new Map<string, NamedArray>();
  for (const [shard, names] of shards) {
    const held = readSafetensors(join(folder, shard)).tensors;
    for (const name of names) {
      const tensor = held.get(name);
      if (tensor === undefined) {
        throw new UserError(
          `${join(folder, shard)}: no tensor "${name}", which ${INDEX} places there`,
          "Download both again.",
        );
      }
      tensors.set(name, tensor);
    }
  }
  return tensors;
}

/** What goes into a folder. */
export interface HuggingFaceContents {
  config: Record<string, unknown>;
  tensors: ReadonlyMap<string, WritableArray>;
  /** Folder whose tokenizer files are copied. */
  tokenizerFolder?: string;
  /** generation_config.json */
  generationConfig?: Record<string, unknown>;
  /** Format of the weights. Default F32. */
  dtype?: "F32" | "F16" | "BF16";
}

/** What transformers calls the formats. */
const torchNames = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/**
 * Writes a folder that transformers reads too. config.json goes first and comes back last, so that a write that
 * was cut short leaves no checkpoint, rather than new weights beside an old configuration. Where an older model
 * must survive that, write to a new folder.
 * @throws UserError where the folder cannot be written or the tokenizer is missing
 */
export function writeHuggingFaceFolder(folder: string, contents: HuggingFaceContents): void {
  const { config, tensors, tokenizerFolder, generationConfig, dtype = "F32" } = contents;
  const copies = tokenizerFolder === undefined ? [] : tokenizerCopies(tokenizerFolder);
  try {
    rmSync(join(folder, CONFIG), { force: true });
  } catch (error) {
    // Not a folder, or not ours to write: writing says so better.
    if (!["ENOTDIR", "EACCES", "EPERM", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
  }
  for (const [name, bytes] of copies) writeFileAtomically(join(folder, name), bytes);
  if (generationConfig !== undefined) writeFileAtomically(join(folder, GENERATION), json(generationConfig));
  writeSafetensors(join(folder, WEIGHTS), tensors, { dtype, metadata: { format: "pt" } });
  const written: Record<string, unknown> = { ...config, dtype: torchNames[dtype] };
  delete written.torch_dtype; // the older name of dtype
  writeFileAtomically(join(folder, CONFIG), json(written));
}

function tokenizerCopies(folder: string): [string, Uint8Array][] {
  const [required, ...others] = TOKENIZER_FILES;
  const present = [required, ...others.filter((name) => existsSync(join(folder, name)))];
  return present.map((name) => {
    try {
      return [name, readFileSync(join(folder, name))];
    } catch (error) {
      throw asReadError(join(folder, name), error, "A model needs its tokenizer.");
    }
  });
}

function json(value: Record<string, unknown>): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
