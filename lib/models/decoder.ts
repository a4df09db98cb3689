import * as tf from "@tensorflow/tfjs";
import { UserError } from "../errors";
import {
  continueAttention,
  headCrossEntropy,
  type KeyValues,
  linear,
  pairChannels,
  rmsNormalise,
  rotaryAngles,
  selfAttention,
  swiglu,
} from "../operations";
import { Random } from "../random";
import { type DecoderConfig, parameterShapes } from "./decoder-config";

/** Texts side by side, as a decoder reads them. */
export interface TokenBatch {
  /** (B·T) int32 pieces, row after row. */
  ids: tf.Tensor1D;
  /** (B·T) int32 position of each piece in its own text. */
  positions: tf.Tensor1D;
  /** (B or 1, 1, T, S): 0 where a position may look, a large negative number where not; S = past + T. */
  bias: tf.Tensor4D;
  /** B, rows. */
  rows: number;
}

export type { KeyValues };

/** What attention makes of a layer's projections, (N, (H + 2K)·h), and what is kept of them, if anything. */
type Attend = (mixed: tf.Tensor2D, layer: number) => { attended: tf.Tensor2D; present?: KeyValues };

/**
 * A decoder of the Llama family (Touvron et al. 2023): pre-normalisation, rotary positions, grouped-query
 * attention, gated unit, tied or untied head. Parameters carry the names of Hugging Face.
 */
export class Decoder {
  /** @throws UserError if a parameter is missing or has another shape than the configuration says */
  constructor(
    readonly config: DecoderConfig,
    readonly parameters: ReadonlyMap<string, tf.Variable>,
    source = "checkpoint",
  ) {
    for (const [name, shape] of parameterShapes(config)) {
      const found = parameters.get(name)?.shape;
      if (found === undefined || found.join() !== shape.join()) {
        const state = found === undefined ? "is missing" : `has shape (${found.join(", ")})`;
        throw new UserError(
          `${source}: ${name} ${state}, where config.json asks for (${shape.join(", ")})`,
          "The weights and the configuration are of different models; download both again.",
        );
      }
    }
  }

  /** A decoder with random weights: normal with standard deviation 0.02, narrower into the residual stream. */
  static initialise(config: DecoderConfig, seed: number): Decoder {
    const random = new Random("decoder", seed);
    const parameters = new Map<string, tf.Variable>();
    for (const [name, shape] of parameterShapes(config)) {
      const intoResidual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
      const deviation = intoResidual ? 0.02 / Math.sqrt(2 * config.layers) : 0.02;
      const size = shape.reduce((a, b) => a * b, 1);
      const values = Float32Array.from({ length: size }, () =>
        shape.length === 1 ? 1 : deviation * random.normal(),
      );
      parameters.set(name, tf.variable(tf.tensor(values, shape), true));
    }
    return new Decoder(config, parameters);
  }

  /** Reads texts and keeps their keys and values; with `past`, the texts go on from kept ones. No gradient. */
  run(batch: TokenBatch, past?: readonly KeyValues[]): { hidden: tf.Tensor2D; present: KeyValues[] } {
    const angles = rotaryAngles(batch.positions, this.config, this.config.ropeTheta);
    return this.layers(batch.ids, (mixed, i) =>
      continueAttention(mixed, angles, this.config, batch, past?.[i]),
    );
  }

  /** Activations before the head, (B·T, D); the last gain is folded into the head. */
  hidden(batch: TokenBatch): tf.Tensor2D {
    return tf.tidy(() => this.run(batch).hidden);
  }

  /**
   * Logits of chosen positions.
   * @param hidden (N, D)
   * @returns (N, V)
   */
  logits(hidden: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => linear(hidden, this.head()));
  }

  /**
   * Mean cross-entropy, in nats, of the pieces that follow.
   * @param batches one or more, which may differ in length; their positions count on from one to the next
   * @param at (M) int32, the positions, of all N, that have a target
   * @param targets (M) int32
   */
  loss(batches: TokenBatch | readonly TokenBatch[], at: tf.Tensor1D, targets: tf.Tensor1D): tf.Scalar {
    return tf.tidy(() => {
      const blocks = [batches].flat() as TokenBatch[];
      const positions = tf.concat(blocks.map((block) => block.positions)); // (N)
      const angles = rotaryAngles(positions, this.config, this.config.ropeTheta);
      const { hidden } = this.layers(tf.concat(blocks.map((block) => block.ids)), (mixed) => ({
        attended: selfAttention(mixed, angles, this.config, blocks),
      }));
      return headCrossEntropy(tf.gather(hidden, at), this.head(), targets);
    });
  }

  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose();
  }

  /**
   * @param ids (N)
   * @returns activations before the head, (N, D), and what attention kept, layer by layer
   */
  private layers(ids: tf.Tensor1D, attend: Attend): { hidden: tf.Tensor2D; present: KeyValues[] } {
    let hidden = tf.gather(this.weight("model.embed_tokens.weight"), ids) as tf.Tensor2D; // (N, D)
    const present: KeyValues[] = [];
    for (let i = 0; i < this.config.layers; i++) {
      const layer = tf.tidy(() => this.layer(i, hidden, attend));
      hidden = layer.hidden;
      if (layer.present !== undefined) present.push(layer.present);
    }
    return { hidden: rmsNormalise(hidden, this.config.normEpsilon), present };
  }

  private layer(
    index: number,
    input: tf.Tensor2D,
    attend: Attend,
  ): { hidden: tf.Tensor2D; present?: KeyValues } {
    const { keyValueHeads: K, headWidth: h, heads, width, normEpsilon } = this.config;
    const part = (name: string) => this.weight(`model.layers.${index}.${name}.weight`);

    const normed = rmsNormalise(input, normEpsilon); // (N, D)
    const queryWeight = part("self_attn.q_proj")
      .reshape([K, heads / K, h, width])
      .transpose([1, 0, 2, 3])
      .reshape([heads * h, width]) as tf.Tensor2D; // (H·h, D), heads in the order that attention takes
    const turning = tf.concat([queryWeight, part("self_attn.k_proj")]); // ((H + K)·h, D)
    const projections = tf.concat([pairChannels(turning, h), part("self_attn.v_proj")]); // ((H + 2K)·h, D)
    const mixed = linear(normed, projections.mul(part("input_layernorm"))); // (N, (H + 2K)·h)
    const { attended, present } = attend(mixed, index);
    const output = part("self_attn.o_proj")
      .reshape([width, K, heads / K, h])
      .transpose([0, 2, 1, 3])
      .reshape([width, heads * h]) as tf.Tensor2D; // (D, H·h)
    const middle = input.add<tf.Tensor2D>(linear(attended, output)); // (N, D)

    const inner = rmsNormalise(middle, normEpsilon); // (N, D)
    const gain = part("post_attention_layernorm"); // (D)
    const gate = linear(inner, part("mlp.gate_proj").mul(gain)); // (N, F)
    const up = linear(inner, part("mlp.up_proj").mul(gain)); // (N, F)
    const unit = linear(swiglu(gate, up), part("mlp.down_proj")); // (N, D)
    return { hidden: middle.add<tf.Tensor2D>(unit), present };
  }

  /** The head's weight with the last normalisation's gain folded in, (V, D). */
  private head(): tf.Tensor2D {
    const name = this.config.tiedHead ? "model.embed_tokens.weight" : "lm_head.weight";
    return this.weight(name).mul(this.weight("model.norm.weight"));
  }

  private weight(name: string): tf.Tensor2D {
    return this.parameters.get(name) as unknown as tf.Tensor2D;
  }
}

/** What a bias holds where a position may not look: exp of it is zero in float32. */
export const HIDDEN = -1e9;
