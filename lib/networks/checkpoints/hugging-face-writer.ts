import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  asReadError,
  isFolder,
  type SafetensorsOptions,
  storedBytes,
  type WritableArray,
  writeFileAtomically,
  writeSafetensors,
} from "../../files";
import { tokenizerRemedy } from "../../text";
import {
  CONFIG,
  GENERATION,
  INDEX,
  isShardName,
  shardName,
  TOKENIZER_FILES,
  tokenizerFolderOf,
  WEIGHTS,
} from "./hugging-face-files";

/** What goes into a folder. */
export interface HuggingFaceContents {
  config: Record<string, unknown>;
  tensors: ReadonlyMap<string, WritableArray>;
  /** Folder whose tokenizer files are copied; those of the folder above where it has none. */
  tokenizerFolder?: string;
  /** generation_config.json */
  generationConfig?: Record<string, unknown>;
  /** Format of the weights. Default F32. */
  dtype?: "F32" | "F16" | "BF16";
  /** Weights of more bytes than this are written in several files, none larger unless a tensor is. Default 5 GB. */
  shardBytes?: number;
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
  const { config, tensors, tokenizerFolder, generationConfig, dtype = "F32", shardBytes = 5e9 } = contents;
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
  const written = writeWeights(folder, tensors, { dtype, metadata: { format: "pt" } }, shardBytes);
  removeOthers(folder, written);
  const described: Record<string, unknown> = { ...config, dtype: torchNames[dtype] };
  delete described.torch_dtype; // the older name of dtype
  writeFileAtomically(join(folder, CONFIG), json(described));
}

/** @returns names of the files */
function writeWeights(
  folder: string,
  tensors: ReadonlyMap<string, WritableArray>,
  options: SafetensorsOptions,
  shardBytes: number,
): string[] {
  const shards: Map<string, WritableArray>[] = [];
  let total = 0;
  let room = 0;
  for (const [name, array] of tensors) {
    const bytes = storedBytes(array, options);
    if (bytes > room || shards.length === 0) {
      shards.push(new Map());
      room = shardBytes;
    }
    shards[shards.length - 1].set(name, array);
    total += bytes;
    room -= bytes;
  }
  if (shards.length <= 1) {
    writeSafetensors(join(folder, WEIGHTS), tensors, options);
    return [WEIGHTS];
  }
  const map: Record<string, string> = {};
  shards.forEach((shard, i) => {
    const file = shardName(i + 1, shards.length);
    writeSafetensors(join(folder, file), shard, options);
    for (const name of shard.keys()) map[name] = file;
  });
  const sorted = Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileAtomically(join(folder, INDEX), json({ metadata: { total_size: total }, weight_map: sorted }));
  return [INDEX, ...new Set(Object.values(map))];
}

/** Weights that an older model left would be read in place of the new ones. */
function removeOthers(folder: string, written: readonly string[]): void {
  for (const name of isFolder(folder) ? readdirSync(folder) : []) {
    const isWeights = name === WEIGHTS || name === INDEX || isShardName(name);
    if (isWeights && !written.includes(name)) rmSync(join(folder, name));
  }
}

/** Copies a tokenizer's files. @throws UserError where there is none, or the folder cannot be written */
export function copyTokenizer(from: string, folder: string): void {
  for (const [name, bytes] of tokenizerCopies(from)) writeFileAtomically(join(folder, name), bytes);
}

function tokenizerCopies(given: string): [string, Uint8Array][] {
  const folder = tokenizerFolderOf(given);
  const [required, ...others] = TOKENIZER_FILES;
  const present = [required, ...others.filter((name) => existsSync(join(folder, name)))];
  return present.map((name) => {
    try {
      return [name, readFileSync(join(folder, name))];
    } catch (error) {
      throw asReadError(join(folder, name), error, tokenizerRemedy(folder));
    }
  });
}

/** Fields of config.json that `transformers` wants written as floats, 8.0 for 8. */
const floats = /("(?:final_logit_softcapping|factor|low_freq_factor|high_freq_factor)": -?\d+)(?=[,\n])/g;

function json(value: Record<string, unknown>): string {
  return `${JSON.stringify(value, undefined, 2).replace(floats, "$1.0")}\n`;
}
