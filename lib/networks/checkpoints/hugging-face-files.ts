import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isFolder } from "../../files";

/** Files of a model's folder, by the names that `transformers` gives them. */
export const CONFIG = "config.json";
export const WEIGHTS = "model.safetensors";
export const INDEX = "model.safetensors.index.json";
export const GENERATION = "generation_config.json";
export const TOKENIZER = "tokenizer.json";
export const TOKENIZER_FILES = [
  TOKENIZER,
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
];

/** Name of a part of the weights, counted from one. */
export function shardName(shard: number, shards: number): string {
  const digits = (n: number) => String(n).padStart(5, "0");
  return `model-${digits(shard)}-of-${digits(shards)}.safetensors`;
}

export function isShardName(name: string): boolean {
  return /^model-\d{5,}-of-\d{5,}\.safetensors$/.test(name);
}

/** Subfolders that are models, in the order of their names with numbers by value; none where there is no folder. */
export function modelsIn(folder: string): string[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, CONFIG)))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** Folder of a model's tokenizer: its own, or the one above where several models share one. */
export function tokenizerFolderOf(folder: string): string {
  const above = join(folder, "..");
  return !existsSync(join(folder, TOKENIZER)) && existsSync(join(above, TOKENIZER)) ? above : folder;
}

/** Whether a name is of a file in the same folder: a path would let an index read others. */
export function isFileName(name: unknown): name is string {
  return typeof name === "string" && name !== "" && name === basename(name) && !name.includes("\\");
}
