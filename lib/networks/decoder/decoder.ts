import * as tf from "@tensorflow/tfjs";
import {
  type KeyValues as AttentionKeyValues,
  continueAttention,
  geglu,
  headCrossEntropy,
  linear,
  normaliseHeads,
  pairChannels,
  pairColumns,
  residual,
  rmsNormalise,
  selfAttention,
  swiglu,
  takeRows,
} from "../../operations";
import { Random } from "../../random";
import { checkShapes, type DecoderConfig, parameterShapes } from "./decoder-config";
import { groupColumns, groupRows, ungroupColumns } from "./head-order";
import { keyPositions, type RaggedBatch, sightOf, type TokenBatch } from "./sight";

export { HIDDEN, type RaggedBatch, type TokenBatch } from "./sight";

/** Keys and values of one layer for texts that go on, each (1, K, B, S, h), and where the keys stand in their text. */
export type KeyValues = AttentionKeyValues & {
  /** (1, 1, B, S, 1) int32: what selects or repeats keys along an axis does the same here. Shared by all layers. */
  positions: tf.Tensor5D;
};

/** A decoder's loss as a chain: each function takes what the one before gives, (N, D) from stage to stage. */
export interface LossStages {
  embed: () => tf.Tensor2D;
  layers: ((hidden: tf.Tensor2D) => tf.Tensor2D)[];
  head: (hidden: tf.Tensor2D) => tf.Scalar;
}

/** What attention makes of a layer's projections, (N, (H + 2K)·h), and what is kept of them, if anything. */
type Attend = (mixed: tf.Tensor2D, layer: number) => { attended: tf.Tensor2D; present?: KeyValues };

/**
 * A decoder of the Llama family (Touvron et al. 2023; Llama team 2024): pre-normalisation, rotary positions,
 * grouped-query attention, gated unit, tied or untied head; or of Gemma 3 (Gemma team 2025): what `DecoderConfig`
 * says besides. Parameters carry the names of Hugging Face.
 */
export class Decoder {
  /**
   * @param source named in errors
   * @param elsewhere parameters that an heir holds as something other than variables
   * @throws UserError if a parameter is missing or has another shape than the configuration says
   */
  constructor(
    readonly config: DecoderConfig,
    readonly parameters: ReadonlyMap<string, tf.Variable>,
    source = "checkpoint",
    elsewhere: ReadonlyMap<string, { shape: readonly number[] }> = new Map(),
  ) {
    const held = [...elsewhere, ...parameters].map(([name, { shape }]) => [name, shape] as const);
    checkShapes(config, new Map(held), source);
  }

  /** A decoder with random weights: normal with standard deviation 0.02, narrower into the residual stream. */
  static initialise(config: DecoderConfig, seed: number): Decoder {
    const random = new Random("decoder", seed);
    const parameters = new Map<string, tf.Variable>();
    for (const [name, shape] of parameterShapes(config)) {
      const intoResidual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
      const deviation = intoResidual ? 0.02 / Math.sqrt(2 * config.layers) : 0.02;
      const size = shape.reduce((a, b) => a * b, 1);
      const gain = config.family === "gemma3" ? 0 : 1;
      const values = Float32Array.from({ length: size }, () =>
        shape.length === 1 ? gain : deviation * random.normal(),
      );
      parameters.set(name, tf.variable(tf.tensor(values, shape), true));
    }
    return new Decoder(config, parameters);
  }

  /**
   * Reads texts and keeps their keys and values; with `past`, the texts go on from kept ones: the bias then covers
   * the past's keys and the texts' own, in this order. `visit` is shown the activations after each layer,
   * of unit mean square; the last are `hidden`. No gradient.
   */
  run(
    batch: TokenBatch,
    past?: readonly KeyValues[],
    visit?: (layer: number, hidden: tf.Tensor2D) => void,
  ): { hidden: tf.Tensor2D; present: KeyValues[] } {
    return tf.tidy(() => {
      const positions = keyPositions(batch, past?.[0].positions);
      const see = sightOf(this.config, { blocks: [batch] }, [positions]);
      const attend: Attend = (mixed, i) => {
        const { angles, blocks } = see(i);
        const { attended, present } = continueAttention(mixed, angles, this.config, blocks[0], past?.[i]);
        return { attended, present: { ...present, positions } };
      };
      return this.layers(batch.ids, attend, visit);
    });
  }

  /** Activations before the head, (B·T, D); the last gain is folded into the head. */
  hidden(batch: TokenBatch): tf.Tensor2D {
    return tf.tidy(() => this.run(batch).hidden);
  }

  /**
   * Logits of chosen positions, for all pieces or a stretch of them.
   * @param hidden (N, D)
   * @param from first piece of the stretch
   * @param size v, pieces of the stretch
   * @returns (N, v)
   */
  logits(hidden: tf.Tensor2D, from = 0, size: number = this.config.vocabularySize - from): tf.Tensor2D {
    return tf.tidy(() => {
      const logits = this.uncapped(hidden, from, size);
      const { logitCap } = this.config;
      return logitCap === undefined ? logits : logits.div(logitCap).tanh().mul(logitCap);
    });
  }

  private uncapped(hidden: tf.Tensor2D, from: number, size: number): tf.Tensor2D {
    const gain = this.gain("model.norm");
    if (size === this.config.vocabularySize) return this.project(hidden, this.headName, gain);
    if (this.projectsApart) {
      return tf.slice(this.project(hidden, this.headName, gain), [0, from], [-1, size]);
    }
    const rows = tf.slice(this.weight(this.headName) as tf.Tensor2D, [from, 0], [size, -1]); // (v, D)
    return linear(hidden.mul(gain), rows);
  }

  /**
   * Mean cross-entropy, in nats, of the pieces that follow. A head whose variable is not trainable gets no gradient.
   * @param texts batches, one or more, which may differ in length and whose positions count on from one to the next;
   * or texts one behind the other
   * @param at (M) int32, the positions, of all N, that have a target
   * @param targets (M) int32
   * @param weights (M): how much each counts in the mean over M; 1 each unless given
   */
  loss(
    texts: TokenBatch | readonly TokenBatch[] | RaggedBatch,
    at: tf.Tensor1D,
    targets: tf.Tensor1D,
    weights?: tf.Tensor1D,
  ): tf.Scalar {
    return tf.tidy(() => {
      const { embed, layers, head } = this.stages(texts, at, targets, weights);
      return head(layers.reduce((hidden, layer) => tf.tidy(() => layer(hidden)), embed()));
    });
  }

  /** `loss` as a chain, for those who go along it layer by layer. The tensors that it needs live as long as the caller's tidy. */
  stages(
    texts: TokenBatch | readonly TokenBatch[] | RaggedBatch,
    at: tf.Tensor1D,
    targets: tf.Tensor1D,
    weights?: tf.Tensor1D,
  ): LossStages {
    const { ids, see } = "places" in texts ? this.seeRagged(texts) : this.seeBlocks([texts].flat());
    const attend: Attend = (mixed, i) => {
      const { angles, blocks, places } = see(i);
      return { attended: selfAttention(mixed, angles, this.config, blocks, { places }) };
    };
    return {
      embed: () => this.embed(ids),
      layers: Array.from(
        { length: this.config.layers },
        (_, i) => (hidden: tf.Tensor2D) => this.layer(i, hidden, attend).hidden,
      ),
      head: (hidden) => {
        const normed = rmsNormalise(hidden, this.config.normEpsilon); // (N, D)
        const { states, head, frozenHead } = this.head(takeRows(normed, at));
        return headCrossEntropy(states, head, targets, { cap: this.config.logitCap, frozenHead, weights });
      },
    };
  }

  private seeBlocks(blocks: readonly TokenBatch[]) {
    const keys = blocks.map((one) => keyPositions(one));
    const ids = tf.concat(blocks.map((one) => one.ids)); // (N)
    return { ids, see: sightOf(this.config, { blocks }, keys) };
  }

  private seeRagged(texts: RaggedBatch) {
    const keys = texts.blocks.map(({ positions }) => positions.reshape<tf.Tensor5D>([1, 1, 1, -1, 1]));
    return { ids: texts.ids, see: sightOf(this.config, texts, keys) };
  }

  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose();
  }

  /**
   * @param ids (N)
   * @returns activations before the head, (N, D), and what attention kept, layer by layer
   */
  private layers(
    ids: tf.Tensor1D,
    attend: Attend,
    visit?: Parameters<Decoder["run"]>[2],
  ): { hidden: tf.Tensor2D; present: KeyValues[] } {
    let hidden = this.embed(ids); // (N, D)
    const present: KeyValues[] = [];
    for (let i = 0; i < this.config.layers; i++) {
      const layer = tf.tidy(() => this.layer(i, hidden, attend));
      hidden = layer.hidden;
      if (layer.present !== undefined) present.push(layer.present);
      if (visit !== undefined) tf.tidy(() => visit(i, rmsNormalise(layer.hidden, this.config.normEpsilon)));
    }
    return { hidden: rmsNormalise(hidden, this.config.normEpsilon), present };
  }

  private embed(ids: tf.Tensor1D): tf.Tensor2D {
    const embedded = this.rows("model.embed_tokens.weight", ids); // (N, D)
    return this.isGemma ? embedded.mul<tf.Tensor2D>(Math.sqrt(this.config.width)) : embedded;
  }

  private layer(
    index: number,
    input: tf.Tensor2D,
    attend: Attend,
  ): { hidden: tf.Tensor2D; present?: KeyValues } {
    const { normEpsilon } = this.config;
    const part = (name: string) => `model.layers.${index}.${name}`;
    /** What a part of the layer gives, as it is added to the stream. */
    const after = (x: tf.Tensor2D, norm: string) =>
      this.isGemma ? rmsNormalise(x, normEpsilon).mul<tf.Tensor2D>(this.gain(part(norm))) : x; // (N, D)

    const normed = rmsNormalise(input, normEpsilon); // (N, D)
    const { attended, present } = attend(this.mix(normed, part), index);
    const heard = after(this.projectAttended(attended, part), "post_attention_layernorm");
    const middle = residual(input, heard); // (N, D)

    const norm = part(this.isGemma ? "pre_feedforward_layernorm" : "post_attention_layernorm");
    const inner = gained(rmsNormalise(middle, normEpsilon), this.gain(norm), this.config.feedForward); // (N, D)
    const gate = this.project(inner.x, part("mlp.gate_proj.weight"), inner.gain); // (N, F)
    const up = this.project(inner.x, part("mlp.up_proj.weight"), inner.gain); // (N, F)
    const gated = this.isGemma ? geglu(gate, up) : swiglu(gate, up); // (N, F)
    const unit = after(this.project(gated, part("mlp.down_proj.weight")), "post_feedforward_layernorm");
    return { hidden: residual(middle, unit), present };
  }

  /**
   * Queries, keys and values in the order that attention takes.
   * @param normed (N, D)
   * @param part full name of a part of the layer
   * @returns (N, (H + 2K)·h)
   */
  private mix(normed: tf.Tensor2D, part: (name: string) => string): tf.Tensor2D {
    const h = this.config.headWidth;
    const names = ["q", "k", "v"].map((letter) => part(`self_attn.${letter}_proj.weight`));
    const gain = this.gain(part("input_layernorm")); // (D)
    const ready = (mixed: tf.Tensor2D) => (this.isGemma ? this.normaliseHeads(mixed, part) : mixed);
    const queryOrder: OutputOrder = {
      ofRows: (weight) => pairChannels(groupRows(weight, this.config), h),
      ofColumns: (queries) => pairColumns(groupColumns(queries, this.config), h),
    };
    const keyOrder: OutputOrder = {
      ofRows: (weight) => pairChannels(weight, h),
      ofColumns: (keys) => pairColumns(keys, h),
    };
    if (this.projectsApart) {
      const input = gained(normed, gain, (this.config.heads + this.config.keyValueHeads) * h);
      const [queries, keys, values] = [queryOrder, keyOrder, undefined].map((order, i) =>
        this.project(input.x, names[i], input.gain, order),
      ); // (N, H·h), (N, K·h) twice
      return ready(tf.concat([queries, keys, values], 1));
    }
    // One product in place of three, its order made in the weights: less work than in the activations.
    const [query, key, value] = names.map((name) => this.weight(name) as tf.Tensor2D);
    const projections = tf.concat([queryOrder.ofRows(query), keyOrder.ofRows(key), value]); // ((H + 2K)·h, D)
    return ready(linear(normed, projections.mul(gain)));
  }

  /** Each query and each key of unit mean square, times its gain; (N, (H + 2K)·h). */
  private normaliseHeads(mixed: tf.Tensor2D, part: (name: string) => string): tf.Tensor2D {
    const { heads, keyValueHeads: K, headWidth: h, normEpsilon } = this.config;
    const gains = ["q_norm", "k_norm"].map((norm, i) => {
      const gain = this.gain(part(`self_attn.${norm}`)).reshape<tf.Tensor2D>([h, 1]);
      return pairChannels(gain, h)
        .reshape([1, h])
        .tile([i === 0 ? heads : K, 1]);
    });
    return normaliseHeads(mixed, tf.concat(gains) as tf.Tensor2D, normEpsilon);
  }

  /** @param attended (N, H·h) @returns (N, D) */
  private projectAttended(attended: tf.Tensor2D, part: (name: string) => string): tf.Tensor2D {
    const name = part("self_attn.o_proj.weight");
    if (this.projectsApart) return this.project(ungroupColumns(attended, this.config), name);
    return linear(attended, groupColumns(this.weight(name) as tf.Tensor2D, this.config));
  }

  /**
   * A parameter as the model computes with it. An heir may give another tensor of the same shape: merged,
   * decoded or masked.
   */
  protected weight(name: string): tf.Tensor {
    return this.parameters.get(name)!;
  }

  /**
   * Rows of a parameter, such as pieces of the embedding; to be overridden where the whole of it is costly to make.
   * @param ids (N) int32
   */
  protected rows(name: string, ids: tf.Tensor1D): tf.Tensor2D {
    return takeRows(this.weight(name) as tf.Tensor2D, ids);
  }

  /**
   * The linear map by a parameter. An heir may add to it or compute it from other numbers; where it does, each
   * map is made by this method alone.
   * @param x (N, in)
   * @param gain (in), of the normalisation before
   * @param order of the outputs; default: as the weight's rows
   * @returns (N, out)
   */
  protected project(x: tf.Tensor2D, name: string, gain?: tf.Tensor1D, order?: OutputOrder): tf.Tensor2D {
    const stored = this.weight(name) as tf.Tensor2D; // (out, in)
    const weight = order === undefined ? stored : order.ofRows(stored);
    if (gain === undefined) return linear(x, weight);
    const folded = foldGain(x, weight, gain);
    return linear(folded.x, folded.weight);
  }

  /** Whether an heir has its own `project`: then logits of a stretch of the pieces cost as much as of all. */
  get projectsApart(): boolean {
    return this.project !== Decoder.prototype.project;
  }

  private get headName(): string {
    return this.config.tiedHead ? "model.embed_tokens.weight" : "lm_head.weight";
  }

  private get isGemma(): boolean {
    return this.config.family === "gemma3";
  }

  /** The gain of a normalisation, (D) or (h). */
  private gain(name: string): tf.Tensor1D {
    const weight = this.weight(`${name}.weight`) as tf.Tensor1D;
    return this.isGemma ? weight.add(1) : weight;
  }

  /** Activations and the head's weight, the last normalisation's gain folded into one of them. */
  private head(hidden: tf.Tensor2D): { states: tf.Tensor2D; head: tf.Tensor2D; frozenHead: boolean } {
    const weight = this.weight(this.headName) as tf.Tensor2D;
    const folded = foldGain(hidden, weight, this.gain("model.norm"));
    const frozenHead =
      !this.parameters.has(this.headName) || (weight instanceof tf.Variable && !weight.trainable);
    return { states: folded.x, head: folded.weight, frozenHead };
  }
}

/** An order of outputs other than the stored one: made in the weight's rows, or where that cannot be, in the outputs. */
export interface OutputOrder {
  ofRows(weight: tf.Tensor2D): tf.Tensor2D;
  ofColumns(outputs: tf.Tensor2D): tf.Tensor2D;
}

/** Activations that several weights read, times their gain where that is less work than to scale so many rows of weights. */
function gained(
  x: tf.Tensor2D,
  gain: tf.Tensor1D,
  rows: number,
): { x: tf.Tensor2D; gain: tf.Tensor1D | undefined } {
  return x.shape[0] < rows ? { x: x.mul(gain), gain: undefined } : { x, gain };
}

/** A gain goes to whichever has fewer rows: the product is the same. */
function foldGain(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  gain: tf.Tensor1D,
): { x: tf.Tensor2D; weight: tf.Tensor2D } {
  return x.shape[0] < weight.shape[0] ? { x: x.mul(gain), weight } : { x, weight: weight.mul(gain) };
}
