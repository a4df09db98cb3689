import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../errors";
import {
  type NamedArray,
  readJsonObject,
  readSafetensors,
  writeFileAtomically,
  writeSafetensors,
} from "../../files";
import { toArrays, toVariables } from "../checkpoints";
import type { Decoder } from "./decoder";
import { LoraDecoder, loraNames, loraTargets, loraWeights } from "./lora";
import { mergeRemedy, type PeftConfig, readPeftConfig } from "./peft-config";
import { textName } from "./read-decoder";

const CONFIG = "adapter_config.json";
const WEIGHTS = "adapter_model.safetensors";
const PICKLED = "adapter_model.bin";
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
  /** The matrices that it adapts, as PEFT names them. */
  modules: string[];
  /** Numbers that it holds. */
  parameters: number;
  baseDigest: string;
}

/** Copies an adapter, and what tells its base model apart, from the engine. */
export function storedAdapter(adapted: LoraDecoder): StoredAdapter {
  const { lora, base, parameters } = adapted;
  const named = [...parameters].map(([name, tensor]): [string, tf.Tensor] => [PREFIX + name, tensor]);
  const numbers = named.reduce((sum, [, { size }]) => sum + size, 0);
  return {
    lora,
    arrays: toArrays(named),
    modules: adaptedModules(adapted),
    parameters: numbers,
    baseDigest: baseDigest(base),
  };
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
  const { lora, arrays, modules, baseDigest } =
    adapted instanceof LoraDecoder ? storedAdapter(adapted) : adapted;
  const { rank, alpha, dropout } = lora;
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
    target_modules: modules,
    task_type: "CAUSAL_LM",
  };
  // The configuration, without which there is no adapter, goes first and comes back last.
  rmSync(join(folder, CONFIG), { force: true });
  writeSafetensors(join(folder, WEIGHTS), arrays, { metadata: { format: "pt", base_digest: baseDigest } });
  writeFileAtomically(join(folder, CONFIG), `${JSON.stringify(config, undefined, 2)}\n`);
}

/** The kinds of matrices that are adapted in every layer, or, where some layers are left out, each by its whole name. */
function adaptedModules({ base, parameters, lora }: LoraDecoder): string[] {
  const all = [...loraWeights(base, lora.targets).keys()];
  const adapted = all.filter((name) => parameters.has(loraNames(name)[0]));
  if (adapted.length === all.length) return [...lora.targets];
  return adapted.map((name) => name.replace(/\.weight$/, ""));
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
  const config = readPeftConfig(join(folder, CONFIG));
  const file = join(folder, WEIGHTS);
  if (!existsSync(file) && existsSync(join(folder, PICKLED))) {
    const again = "load it with PEFT (PeftModel.from_pretrained) and save it again (save_pretrained).";
    throw new UserError(`${folder}: no ${WEIGHTS}`, `Its weights are pickled, in ${PICKLED}; ${again}`);
  }
  const { tensors, metadata } = readSafetensors(file);
  const other = (how: string) => otherBase(file, how, config.baseModel);
  const matrices = adapterMatrices(tensors, base, file);
  checkBase(matrices, { base, config, other });
  if (metadata.base_digest !== undefined && metadata.base_digest !== baseDigest(base)) {
    throw other("it was trained on a model of the same shape with other weights");
  }
  const targets = loraTargets.filter((target) =>
    [...matrices.keys()].some((name) => name.includes(`.${target}.lora_`)),
  );
  const { rank, alpha, dropout } = config;
  return new LoraDecoder(base, toVariables(matrices), { rank, alpha, targets, dropout });
}

/**
 * The adapter's matrices by the names of `loraNames`, without what PEFT saves along: embeddings and a head, which must be
 * the base's own.
 */
function adapterMatrices(
  tensors: ReadonlyMap<string, NamedArray>,
  base: Decoder,
  file: string,
): Map<string, NamedArray> {
  const matrices = new Map<string, NamedArray>();
  for (const [stored, array] of tensors) {
    const name = textName(stored.replace(PREFIX, ""));
    const fail = (problem: string, remedy = mergeRemedy): never => {
      throw new UserError(`${file}: ${problem}`, remedy);
    };
    if (/\.lora_[AB]\.[^.]+\.weight$/.test(name)) {
      fail(
        `${stored} is named as in PEFT's memory, not as in its files`,
        "Save it with PEFT: save_pretrained.",
      );
    }
    if (/(?:^|\.)(?:embed_tokens|lm_head)\./.test(name)) {
      if (name.includes(".lora_")) fail(`it adapts ${name.replace(/\.lora_.*/, "")}, beyond the layers`);
      const own = name.replace(/\.(?:base_layer|modules_to_save)\.weight$/, ".weight");
      if (!isOfBase(own, array, base)) {
        fail(`it holds ${stored.replace(PREFIX, "")}, which the base model has otherwise or not at all`);
      }
    } else {
      matrices.set(name, array);
    }
  }
  return matrices;
}

/** Whether numbers are those of a parameter of the base, whose head may be its embedding. */
function isOfBase(name: string, { shape, values }: NamedArray, { config, parameters }: Decoder): boolean {
  const tied = config.tiedHead && name === "lm_head.weight";
  const own = parameters.get(tied ? "model.embed_tokens.weight" : name);
  if (own === undefined || own.shape.join() !== shape.join()) return false;
  return own.dataSync().every((value, i) => value === values[i]);
}

/** @throws UserError unless the adapter's matrices are those that its configuration and the base ask for */
function checkBase(
  matrices: ReadonlyMap<string, NamedArray>,
  {
    base,
    config: { rank, adapts },
    other,
  }: { base: Decoder; config: PeftConfig; other: (how: string) => UserError },
): void {
  const expected = new Map<string, number[]>();
  for (const [name, [out, width]] of loraWeights(base, loraTargets)) {
    const [down, up] = loraNames(name);
    const said = adapts?.(name.replace(/\.weight$/, "")) ?? (matrices.has(down) || matrices.has(up));
    if (said) expected.set(down, [rank, width]).set(up, [out, rank]);
  }
  for (const [name, { shape }] of matrices) {
    const wanted = expected.get(name);
    if (wanted === undefined) throw other(`it adapts ${name}, which the model does not have`);
    if (wanted.join() !== shape.join()) {
      const shapes = `(${shape.join(", ")}), where the model asks for (${wanted.join(", ")})`;
      throw other(`${name} has shape ${shapes}`);
    }
  }
  for (const name of expected.keys()) if (!matrices.has(name)) throw other(`${name} is missing`);
  if (expected.size === 0) throw other("it adapts none of its matrices");
}

function otherBase(file: string, how: string, baseModel?: string): UserError {
  const named = baseModel === undefined ? "" : `: ${JSON.stringify(baseModel)}`;
  return new UserError(
    `${file}: the adapter belongs to another base model: ${how}`,
    `Open it on the model that it was trained on${named}.`,
  );
}

/** Tells base models apart at little cost: a hash of every vector and of each matrix's first row, but for those by token. */
function baseDigest(base: Decoder): string {
  const hash = createHash("sha256");
  for (const [name, tensor] of base.parameters) {
    if (!name.startsWith("model.layers.")) continue;
    const row = tf.tidy(() => tensor.reshape([tensor.size]).slice(0, tensor.shape.at(-1)!).dataSync());
    hash.update(name).update(row);
  }
  return hash.digest("hex");
}
