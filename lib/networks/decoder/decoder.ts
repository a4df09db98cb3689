import * as tf from "@tensorflow/tfjs";
import { headCrossEntropy, linear, rmsNormalise, takeRows } from "../../operations";
import { Random } from "../../random";
import { blockParts } from "./block-parts";
import { type Attend, decoderBlock } from "./decoder-block";
import { checkShapes, type DecoderConfig, parameterShapes } from "./decoder-config";
import { foldGain } from "./folded-gains";
import type { OutputOrder } from "./head-order";
import type { LinearMaps } from "./linear-maps";
import { cachedAttention, type KeyValues } from "./prefix-cache";
import { raggedAttention, type Texts } from "./ragged-rows";
import type { TokenBatch } from "./sight";

export type { OutputOrder } from "./head-order";
export type { KeyValues } from "./prefix-cache";
export type { RaggedBatch } from "./ragged-rows";
export { HIDDEN, type TokenBatch } from "./sight";

/** A decoder's loss as a chain: each function takes what the one before gives, (N, D) from stage to stage. */
export interface LossStages {
  embed: () => tf.Tensor2D;
  layers: ((hidden: tf.Tensor2D) => tf.Tensor2D)[];
  head: (hidden: tf.Tensor2D) => tf.Scalar;
}

/**
 * A decoder of the Llama family (Touvron et al. 2023; Llama team 2024) or of Gemma 3 (Gemma team 2025): embeddings, the
 * blocks of `decoderBlock` one after the other, a last normalisation, and a head, tied to the embeddings or not.
 * Parameters carry the names of Hugging Face.
 */
export class Decoder {
  /** How the blocks read the parameters: through the methods that a subclass may override. */
  private readonly maps: LinearMaps = {
    weight: (name) => this.weight(name),
    gain: (name) => this.gain(name),
    project: (x, name, gain, order) => this.project(x, name, gain, order),
    projectsApart: this.projectsApart,
  };

  /**
   * @param source named in errors
   * @param elsewhere parameters that a subclass holds as something other than variables
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
   * Reads texts and caches their keys and values; with `past`, the texts go on from cached ones: the mask then covers
   * the past's keys and the texts' own, in this order. `visit` is shown the activations after each layer,
   * of unit mean square; the last are `hidden`. No gradient.
   */
  run(
    batch: TokenBatch,
    past?: readonly KeyValues[],
    visit?: (layer: number, hidden: tf.Tensor2D) => void,
  ): { hidden: tf.Tensor2D; present: KeyValues[] } {
    return tf.tidy(() => {
      const { layers, normEpsilon } = this.config;
      const attention = cachedAttention(this.config, batch, past);
      let hidden = this.embed(batch.ids); // (N, D)
      const present: KeyValues[] = [];
      for (let i = 0; i < layers; i++) {
        const after = tf.tidy(() => this.block(i, hidden, attention(i)));
        hidden = after.hidden;
        present.push(after.present!);
        if (visit !== undefined) tf.tidy(() => visit(i, rmsNormalise(after.hidden, normEpsilon)));
      }
      return { hidden: rmsNormalise(hidden, normEpsilon), present };
    });
  }

  /** Activations before the head, (B·T, D); the last gain is folded into the head. */
  hidden(batch: TokenBatch): tf.Tensor2D {
    return tf.tidy(() => this.run(batch).hidden);
  }

  /**
   * Logits of chosen positions, for all tokens of the vocabulary or a stretch of them.
   * @param hidden (N, D)
   * @param from first token of the stretch
   * @param size v, tokens of the stretch
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
   * Mean cross-entropy, in nats, of the tokens that follow. A head whose variable is not trainable gets no gradient.
   * @param texts batches, one or more, which may differ in length and whose positions count on from one to the next;
   * or texts one behind the other
   * @param at (M) int32, the positions, of all N, that have a target
   * @param targets (M) int32
   * @param weights (M): how much each counts in the mean over M; 1 each unless given
   */
  loss(texts: Texts, at: tf.Tensor1D, targets: tf.Tensor1D, weights?: tf.Tensor1D): tf.Scalar {
    return tf.tidy(() => {
      const { embed, layers, head } = this.stages(texts, at, targets, weights);
      return head(layers.reduce((hidden, layer) => tf.tidy(() => layer(hidden)), embed()));
    });
  }

  /** `loss` as a chain, for those who go along it layer by layer. The tensors that it needs live as long as the caller's tidy. */
  stages(texts: Texts, at: tf.Tensor1D, targets: tf.Tensor1D, weights?: tf.Tensor1D): LossStages {
    const { ids, attention } = raggedAttention(this.config, texts);
    return {
      embed: () => this.embed(ids),
      layers: Array.from(
        { length: this.config.layers },
        (_, i) => (hidden: tf.Tensor2D) => this.block(i, hidden, attention(i)).hidden,
      ),
      head: (hidden) => {
        const normed = rmsNormalise(hidden, this.config.normEpsilon); // (N, D)
        const { states, head, frozenHead } = this.head(takeRows(normed, at));
        return headCrossEntropy(states, head, targets, { cap: this.config.logitCap, frozenHead, weights });
      },
    };
  }

  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose();
  }

  /** Rows of the embedding, in Gemma times √D (Vaswani et al. 2017, section 3.4). (N) to (N, D). */
  private embed(ids: tf.Tensor1D): tf.Tensor2D {
    const embedded = this.rows("model.embed_tokens.weight", ids); // (N, D)
    return this.isGemma ? embedded.mul<tf.Tensor2D>(Math.sqrt(this.config.width)) : embedded;
  }

  /** Block `layer`, (N, D) to (N, D). */
  private block(layer: number, input: tf.Tensor2D, attend: Attend): ReturnType<typeof decoderBlock> {
    return decoderBlock(input, blockParts(layer, this.config, this.maps), attend);
  }

  /**
   * A parameter as the model computes with it. A subclass may give another tensor of the same shape: merged,
   * decoded or masked.
   */
  protected weight(name: string): tf.Tensor {
    return this.parameters.get(name)!;
  }

  /**
   * Rows of a parameter, such as tokens of the embedding; to be overridden where the whole of it is costly to make.
   * @param ids (N) int32
   */
  protected rows(name: string, ids: tf.Tensor1D): tf.Tensor2D {
    return takeRows(this.weight(name) as tf.Tensor2D, ids);
  }

  /**
   * The linear map by a parameter. A subclass may add to it or compute it from other numbers; where it does, each
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

  /** Whether a subclass has its own `project`: then logits of a stretch of the tokens cost as much as of all. */
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
