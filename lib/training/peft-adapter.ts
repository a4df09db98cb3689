import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { readSafetensors, writeSafetensors } from "../checkpoints/safetensors";
import { UserError } from "../errors";
import { writeFileAtomically } from "../files/atomic";
import { readJsonObject } from "../files/read";
import type { Decoder } from "../models/decoder";
import { toArrays, toVariables } from "../models/parameters";
import { LoraDecoder, loraNames, loraTargets, loraWeights } from "./lora";

const CONFIG = "adapter_config.json";
const WEIGHTS = "adapter_model.safetensors";
/** What PEFT puts before the names of a causal language model. */
const PREFIX = "base_model.model.";

export interface PeftOptions {
  /** Where PEFT is to find the base model: a folder, or a name on the hub. */
  baseModel?: string;
}

/** An adapter on the heap, which outlives its tensors. */
export interface StoredAdapter {
  lora: LoraDecoder["lora"];
  /** By PEFT's names. */
  arrays: ReturnType<typeof toArrays>;
  /** Numbers that it holds. */
  parameters: number;
  baseDigest: string;
}

/** Copies an adapter, and what tells its base model apart, from the engine. */
export function storedAdapter({ lora, base, parameters }: LoraDecoder): StoredAdapter {
  const named = [...parameters].map(([name, tensor]): [string, tf.Tensor] => [PREFIX + name, tensor]);
  const numbers = named.reduce((sum, [, { size }]) => sum + size, 0);
  return { lora, arrays: toArrays(named), parameters: numbers, baseDigest: baseDigest(base) };
}

/**
 * Writes an adapter as PEFT does: adapter_config.json and adapter_model.safetensors, with a digest of the base model
 * among the latter's notes.
 * @throws UserError where the folder cannot be written
 */
export function writePeftAdapter(
  folder: string,
  adapted: LoraDecoder | StoredAdapter,
  { baseModel }: PeftOptions = {},
): void {
  const { lora, arrays, baseDigest } = adapted instanceof LoraDecoder ? storedAdapter(adapted) : adapted;
  const { rank, alpha, targets, dropout } = lora;
  const config = {
    base_model_name_or_path: baseModel ?? null,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: alpha,
    lora_dropout: dropout,
    modules_to_save: null,
    peft_type: "LORA",
    r: rank,
    target_modules: [...targets],
    task_type: "CAUSAL_LM",
  };
  // The configuration, without which there is no adapter, goes first and comes back last.
  rmSync(join(folder, CONFIG), { force: true });
  writeSafetensors(join(folder, WEIGHTS), arrays, { metadata: { format: "pt", base_digest: baseDigest } });
  writeFileAtomically(join(folder, CONFIG), `${JSON.stringify(config, undefined, 2)}\n`);
}

/** Whether a folder holds an adapter as PEFT writes it. */
export function isPeftFolder(folder: string): boolean {
  return existsSync(join(folder, CONFIG));
}

/** Where an adapter says that its base model is; undefined where it does not. @throws as `readPeftAdapter` */
export function baseNamedBy(folder: string): string | undefined {
  const { base_model_name_or_path: named } = readJsonObject(join(folder, CONFIG));
  return typeof named === "string" && named !== "" ? named : undefined;
}

/**
 * Reads an adapter that PEFT, or `writePeftAdapter`, wrote, and puts it on its base.
 * @throws UserError for an adapter of another base model, of another kind than LoRA, or with parts that we do not
 *   compute
 */
export function readPeftAdapter(folder: string, base: Decoder): LoraDecoder {
  const path = join(folder, CONFIG);
  const config = readJsonObject(path, "An adapter is a folder with adapter_config.json: this one has none.");
  checkKind(config, path);
  const rank = positive(config, "r", path);
  const alpha = positive(config, "lora_alpha", path) * (config.use_rslora === true ? Math.sqrt(rank) : 1);
  const file = join(folder, WEIGHTS);
  const { tensors, metadata } = readSafetensors(file);
  const names = [...tensors.keys()].map((name) => name.replace(PREFIX, ""));
  const targets = loraTargets.filter((target) => names.some((name) => name.includes(`.${target}.lora_`)));
  checkBase(new Map(names.map((name) => [name, tensors.get(PREFIX + name)?.shape ?? []])), {
    base,
    rank,
    targets,
    file,
  });
  if (metadata.base_digest !== undefined && metadata.base_digest !== baseDigest(base)) {
    throw otherBase(file, "it was trained on a model of the same shape with other weights");
  }
  const adapter = toVariables(new Map(names.map((name) => [name, tensors.get(PREFIX + name)!])));
  const dropout = typeof config.lora_dropout === "number" ? config.lora_dropout : 0;
  return new LoraDecoder(base, adapter, { rank, alpha, targets, dropout });
}

function checkKind(config: Record<string, unknown>, path: string): void {
  const fail = (problem: string): never => {
    throw new UserError(`${path}: ${problem}`, "This loader reads plain LoRA adapters of causal models.");
  };
  if (config.peft_type !== "LORA") fail(`peft_type is ${JSON.stringify(config.peft_type)}`);
  if ((config.bias ?? "none") !== "none") fail(`bias is ${JSON.stringify(config.bias)}`);
  for (const option of ["use_dora", "fan_in_fan_out", "modules_to_save", "lora_bias", "layer_replication"]) {
    const value = config[option];
    if (value !== undefined && value !== null && value !== false) {
      fail(`${option} is ${JSON.stringify(value)}, which is not supported`);
    }
  }
  for (const option of ["rank_pattern", "alpha_pattern"]) {
    if (Object.keys(config[option] ?? {}).length > 0) fail(`${option} is not empty, which is not supported`);
  }
}

function positive(config: Record<string, unknown>, name: string, path: string): number {
  const value = config[name];
  if (typeof value === "number" && value > 0) return value;
  throw new UserError(`${path}: ${name} is ${JSON.stringify(value)}`, "It must be a positive number.");
}

/** @throws UserError unless the adapter's matrices are those that the base asks for, each there once */
function checkBase(
  found: ReadonlyMap<string, readonly number[]>,
  { base, rank, targets, file }: { base: Decoder; rank: number; targets: readonly string[]; file: string },
): void {
  const expected = new Map<string, number[]>();
  for (const [name, [out, width]] of loraWeights(base, targets)) {
    const [down, up] = loraNames(name);
    expected.set(down, [rank, width]).set(up, [out, rank]);
  }
  for (const [name, shape] of found) {
    const wanted = expected.get(name);
    if (wanted === undefined) throw otherBase(file, `it adapts ${name}, which the model does not have`);
    if (wanted.join() !== shape.join()) {
      const shapes = `(${shape.join(", ")}), where the model asks for (${wanted.join(", ")})`;
      throw otherBase(file, `${name} has shape ${shapes}`);
    }
  }
  for (const name of expected.keys()) {
    if (!found.has(name)) throw otherBase(file, `${name} is missing`);
  }
}

function otherBase(file: string, how: string): UserError {
  return new UserError(
    `${file}: the adapter belongs to another base model: ${how}`,
    "Open it on the model that it was trained on.",
  );
}

/** Tells base models apart at little cost: a hash of every vector and of each matrix's first row, but for those by piece. */
function baseDigest(base: Decoder): string {
  const hash = createHash("sha256");
  for (const [name, tensor] of base.parameters) {
    if (!name.startsWith("model.layers.")) continue;
    const row = tf.tidy(() => tensor.reshape([tensor.size]).slice(0, tensor.shape.at(-1)!).dataSync());
    hash.update(name).update(row);
  }
  return hash.digest("hex");
}
