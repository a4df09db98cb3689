import * as tf from "@tensorflow/tfjs";
import { type AttentionBlock, type RotaryAngles, rotaryAngles, rotaryFrequencies } from "../operations";
import { isCompiling } from "../operations/compile";
import type { DecoderConfig, LocalAttention } from "./decoder-config";

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

/** What a bias holds where a position may not look: exp of it is zero in float32. */
export const HIDDEN = -1e9;

/** What a layer's attention needs to know of positions. */
export interface Sight {
  angles: RotaryAngles;
  blocks: readonly AttentionBlock[];
}

/**
 * Positions of all keys that a batch's queries can look at.
 * @param past (1, 1, B, P, 1)
 * @returns (1, 1, B, S, 1)
 */
export function keyPositions({ positions, rows }: TokenBatch, past?: tf.Tensor5D): tf.Tensor5D {
  const own = positions.reshape<tf.Tensor5D>([1, 1, rows, positions.size / rows, 1]);
  return past === undefined ? own : tf.concat([past, own], 3);
}

/**
 * The angles and biases of each layer: of global ones and, where a model has them, of local ones.
 * @param keys positions of each batch's keys, (1, 1, B, S, 1)
 */
export function sightOf(
  config: DecoderConfig,
  batches: readonly TokenBatch[],
  keys: readonly tf.Tensor5D[],
): (layer: number) => Sight {
  const positions = tf.concat(batches.map((batch) => batch.positions)); // (N)
  const longest = longestOf(batches, positions);
  const sight = (
    { ropeTheta, ropeScaling }: Pick<DecoderConfig, "ropeTheta" | "ropeScaling">,
    blocks: readonly AttentionBlock[],
  ): Sight => {
    const frequencies = rotaryFrequencies(config.headWidth, ropeTheta, ropeScaling);
    return { angles: rotaryAngles(positions, config, frequencies, longest), blocks };
  };
  const far = sight(config, batches);
  const { local } = config;
  if (local === undefined) return () => far;
  // Texts no longer than the window need no biases of their own.
  const near = sight(local, longest <= local.window ? batches : nearBlocks(local, batches, keys));
  return (layer) => (local.layers[layer] ? near : far);
}

/** Length of the longest text; in a graph, which must hold for other texts too, the most that it can be. */
function longestOf(batches: readonly TokenBatch[], positions: tf.Tensor1D): number {
  if (isCompiling()) return Math.max(...batches.map(({ bias }) => bias.shape[3]));
  return positions.max().dataSync()[0] + 1;
}

/** The batches with biases that hide what is further back than the window. */
function nearBlocks(
  { window }: LocalAttention,
  batches: readonly TokenBatch[],
  keys: readonly tf.Tensor5D[],
): readonly AttentionBlock[] {
  return batches.map((batch, b) => {
    const { rows, bias } = batch;
    const [, , T, S] = bias.shape;
    const distance = batch.positions.reshape([rows, 1, T, 1]).sub(keys[b].reshape([rows, 1, 1, S])); // (B, 1, T, S)
    const hidden = distance.greaterEqual(tf.scalar(window, "int32")).cast("float32").mul(HIDDEN);
    return { rows, bias: bias.add<tf.Tensor4D>(hidden) };
  });
}
