import * as tf from "@tensorflow/tfjs";
import { UserError } from "../errors";
import {
  attention,
  headCrossEntropy,
  linear,
  type RotaryAngles,
  rmsNormalise,
  rotaryAngles,
  rotate,
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

/** Keys and values of one layer, each (B, K, S, h). */
export type KeyValues = {
  keys: tf.Tensor4D;
  values: tf.Tensor4D;
};

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

  /** Runs on, layer by layer; with `past`, the batch continues texts whose keys and values are given. */
  run(batch: TokenBatch, past?: readonly KeyValues[]): { hidden: tf.Tensor2D; present: KeyValues[] } {
    const { config } = this;
    const groups = config.heads / config.keyValueHeads;
    const rotated = config.heads + config.keyValueHeads;
    const angles = rotaryAngles(batch.positions, rotated, config.headWidth, config.ropeTheta); // (B·T, H + K, h/2)
    const bias = batch.bias.tile([1, 1, groups, 1]) as tf.Tensor4D; // (B or 1, 1, G·T, S)
    let hidden = tf.gather(this.weight("model.embed_tokens.weight"), batch.ids) as tf.Tensor2D; // (B·T, D)
    const present: KeyValues[] = [];
    for (let i = 0; i < config.layers; i++) {
      const layer = tf.tidy(() => this.layer(i, hidden, angles, bias, batch.rows, past?.[i]));
      present.push({ keys: layer.keys, values: layer.values });
      hidden = layer.hidden;
    }
    return { hidden: rmsNormalise(hidden, config.normEpsilon), present };
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
   * @param at (M) int32, the positions, of the B·T, that have a target
   * @param targets (M) int32
   */
  loss(batch: TokenBatch, at: tf.Tensor1D, targets: tf.Tensor1D): tf.Scalar {
    return tf.tidy(() => headCrossEntropy(tf.gather(this.run(batch).hidden, at), this.head(), targets));
  }

  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose();
  }

  private layer(
    index: number,
    input: tf.Tensor2D,
    angles: RotaryAngles,
    bias: tf.Tensor4D,
    rows: number,
    past?: KeyValues,
  ): { hidden: tf.Tensor2D } & KeyValues {
    const { config } = this;
    const { heads, keyValueHeads: K, headWidth: h } = config;
    const [tokens] = input.shape; // B·T
    const T = tokens / rows;
    const name = `model.layers.${index}`;

    const normed = rmsNormalise(input, config.normEpsilon); // (B·T, D)
    const projections = tf.concat(
      ["q_proj", "k_proj", "v_proj"].map((part) => this.weight(`${name}.self_attn.${part}.weight`)),
    ); // ((H + 2K)·h, D)
    const gain = this.weight(`${name}.input_layernorm.weight`); // (D)
    const mixed = linear(normed, projections.mul(gain)).reshape([tokens, heads + 2 * K, h]); // (B·T, H + 2K, h)
    const [queriesKeys, rawValues] = tf.split(mixed, [heads + K, K], 1) as tf.Tensor3D[];
    const [rawQueries, rawKeys] = tf.split(rotate(queriesKeys, angles), [heads, K], 1);

    const queries = rawQueries
      .reshape([rows, T, K, heads / K, h])
      .transpose([0, 2, 3, 1, 4])
      .reshape([rows, K, (heads / K) * T, h]) as tf.Tensor4D; // (B, K, G·T, h)
    let keys = rawKeys.reshape([rows, T, K, h]).transpose([0, 2, 1, 3]) as tf.Tensor4D; // (B, K, T, h)
    let values = rawValues.reshape([rows, T, K, h]).transpose([0, 2, 1, 3]) as tf.Tensor4D; // (B, K, T, h)
    if (past !== undefined) {
      keys = tf.concat([past.keys, keys], 2); // (B, K, S, h)
      values = tf.concat([past.values, values], 2); // (B, K, S, h)
    }
    const attended = attention(queries, keys, values, bias)
      .reshape([rows, K, heads / K, T, h])
      .transpose([0, 3, 1, 2, 4])
      .reshape([tokens, heads * h]) as tf.Tensor2D; // (B·T, H·h)
    const middle = input.add(linear(attended, this.weight(`${name}.self_attn.o_proj.weight`))) as tf.Tensor2D; // (B·T, D)

    const inner = rmsNormalise(middle, config.normEpsilon); // (B·T, D)
    const innerGain = this.weight(`${name}.post_attention_layernorm.weight`); // (D)
    const gate = linear(inner, this.weight(`${name}.mlp.gate_proj.weight`).mul(innerGain)); // (B·T, F)
    const up = linear(inner, this.weight(`${name}.mlp.up_proj.weight`).mul(innerGain)); // (B·T, F)
    const unit = linear(swiglu(gate, up), this.weight(`${name}.mlp.down_proj.weight`)); // (B·T, D)
    return { hidden: middle.add(unit) as tf.Tensor2D, keys, values };
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
