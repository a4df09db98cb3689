import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../errors";
import { type DropoutSeed, dropout, linear, lowRankLinear } from "../../operations";
import { Random } from "../../random";
import { Decoder } from "./decoder";
import { parameterShapes } from "./decoder-config";
import type { OutputOrder } from "./head-order";

/** What a low-rank adaptation adds to a decoder (Hu et al. 2022). */
export interface LoraOptions {
  /** r, rank of each added product. */
  rank: number;
  /** The added product counts alpha / rank times. */
  alpha: number;
  /** Matrices of each layer that get one, by the names of Hugging Face. Default: all seven. */
  targets?: readonly string[];
  /** Share of the inputs of an added product that are left out in training. Default 0. */
  dropout?: number;
  /** Seed of the random first matrices. Default 1. */
  seed?: number;
}

/** The matrices of a layer, all of which are adapted by default. */
export const loraTargets = [
  "q_proj",
  "k_proj",
  "v_proj",
  "o_proj",
  "gate_proj",
  "up_proj",
  "down_proj",
] as const;

/** The seed of the dropout before a weight's added product, by the weight's name. */
export type DropoutSeedOf = (name: string) => DropoutSeed;

/**
 * A decoder whose weights are frozen, with trained products of low rank beside some of them, in all layers or some. `parameters` holds the
 * adapter alone, as PEFT names it: `….q_proj.lora_A.weight`, (r, in), and `….q_proj.lora_B.weight`, (out, r).
 */
export class LoraDecoder extends Decoder {
  /** What a weight's dropout is drawn from while a training pass runs. */
  private dropoutSeedOf: DropoutSeedOf | undefined;

  /** Use `withLora`, or `readPeftAdapter`. */
  constructor(
    /** The decoder under the adapter; its variables are not copied, and are not changed until `mergeLora`. */
    readonly base: Decoder,
    adapter: ReadonlyMap<string, tf.Variable>,
    readonly lora: Required<Pick<LoraOptions, "rank" | "alpha" | "targets" | "dropout">>,
  ) {
    super(base.config, adapter, "adapter", base.parameters);
  }

  /** What the added products count. */
  get scale(): number {
    return this.lora.alpha / this.lora.rank;
  }

  /** Calls with dropout on. A weight's numbers fall out by its seed alone, so that a pass may be made twice. */
  withDropout<T>(seedOf: DropoutSeedOf, run: () => T): T {
    this.dropoutSeedOf = seedOf;
    try {
      return run();
    } finally {
      this.dropoutSeedOf = undefined;
    }
  }

  protected override weight(name: string): tf.Tensor {
    return this.base.parameters.get(name)!;
  }

  protected override project(
    x: tf.Tensor2D,
    name: string,
    gain?: tf.Tensor1D,
    order?: OutputOrder,
  ): tf.Tensor2D {
    const [down, up] = loraNames(name).map((part) => this.parameters.get(part) as tf.Tensor2D | undefined);
    if (down === undefined || up === undefined) return super.project(x, name, gain, order);
    const ordered = (weight: tf.Tensor2D) => (order === undefined ? weight : order.ofRows(weight));
    const rate = this.lora.dropout;
    if (rate === 0 || this.dropoutSeedOf === undefined) {
      const weight = ordered(this.weight(name) as tf.Tensor2D);
      return lowRankLinear(x, down, ordered(up), weight, this.scale, gain);
    }
    const through = gain === undefined ? x : x.mul<tf.Tensor2D>(gain);
    const low = linear(dropout(through, rate, this.dropoutSeedOf(name)), down); // (N, r)
    return super.project(x, name, gain, order).add<tf.Tensor2D>(linear(low.mul(this.scale), ordered(up)));
  }
}

/** Names of the adapter's two matrices for a weight. */
export function loraNames(name: string): [down: string, up: string] {
  const stem = name.replace(/\.weight$/, "");
  return [`${stem}.lora_A.weight`, `${stem}.lora_B.weight`];
}

/** The adapted weights of a decoder: name and shape, (out, in). */
export function loraWeights(base: Decoder, targets: readonly string[]): Map<string, [number, number]> {
  const weights = new Map<string, [number, number]>();
  for (const [name, shape] of parameterShapes(base.config)) {
    if (targets.some((target) => name.endsWith(`.${target}.weight`))) {
      weights.set(name, shape as [number, number]);
    }
  }
  return weights;
}

/**
 * Puts a new adapter on a decoder: random A, zero B, so that it computes what the decoder does until trained.
 * @throws UserError for an impossible rank, or a target that no layer has
 */
export function withLora(base: Decoder, options: LoraOptions): LoraDecoder {
  const { rank, alpha, targets = loraTargets, dropout = 0, seed = 1 } = options;
  checkLora({ rank, alpha, targets, dropout });
  const random = new Random("lora", seed);
  const adapter = new Map<string, tf.Variable>();
  for (const [name, [out, width]] of loraWeights(base, targets)) {
    const [down, up] = loraNames(name);
    // As PEFT: uniform, variance 1 / (3 in).
    const bound = 1 / Math.sqrt(width);
    const values = Float32Array.from({ length: rank * width }, () => bound * (2 * random.uniform() - 1));
    tf.tidy(() => {
      adapter.set(down, tf.variable(tf.tensor2d(values, [rank, width]), true));
      adapter.set(up, tf.variable(tf.zeros([out, rank]), true));
    });
  }
  return new LoraDecoder(base, adapter, { rank, alpha, targets, dropout });
}

function checkLora({ rank, alpha, targets, dropout }: Required<Omit<LoraOptions, "seed">>): void {
  if (!Number.isInteger(rank) || rank < 1) {
    throw new UserError(`LoRA's rank is ${rank}`, "It must be a positive whole number.");
  }
  if (!(alpha > 0)) throw new UserError(`LoRA's alpha is ${alpha}`, "It must be positive.");
  if (!(dropout >= 0 && dropout < 1)) {
    throw new UserError(`LoRA's dropout is ${dropout}`, "It must be from 0 to below 1.");
  }
  const known: readonly string[] = loraTargets;
  const odd = targets.find((target) => !known.includes(target));
  if (odd !== undefined || targets.length === 0) {
    const problem = odd === undefined ? "LoRA has no target" : `LoRA cannot adapt ${JSON.stringify(odd)}`;
    throw new UserError(problem, `Targets are among ${known.join(", ")}.`);
  }
}

/**
 * Adds what the adapter has learnt to the weights under it, in place, and frees the adapter.
 * @returns the decoder that was under it
 */
export function mergeLora(adapted: LoraDecoder): Decoder {
  const { base, parameters, scale, lora } = adapted;
  for (const name of loraWeights(base, lora.targets).keys()) {
    const [down, up] = loraNames(name).map((part) => parameters.get(part) as tf.Tensor2D | undefined);
    if (down === undefined || up === undefined) continue; // a layer that is not adapted
    const variable = base.parameters.get(name)!;
    tf.tidy(() => variable.assign(variable.add(up.matMul(down).mul(scale))));
  }
  adapted.dispose();
  return base;
}
