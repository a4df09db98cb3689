import * as tf from "@tensorflow/tfjs";
import {
  type AttentionBlock,
  isCompiling,
  type RaggedPlaces,
  type RotaryAngles,
  rotaryAngles,
  rotaryFrequencies,
} from "../../operations";
import type { DecoderConfig, LocalAttention } from "./decoder-config";

/** Texts side by side, as a decoder reads them. */
export interface TokenBatch {
  /** (B·T) int32 tokens, row after row. */
  ids: tf.Tensor1D;
  /** (B·T) int32 position of each token in its own text. */
  positions: tf.Tensor1D;
  /** (B or 1, 1, T, S): 0 where a position may look, a large negative number where not; S = past + T. */
  mask: tf.Tensor4D;
  /** B, rows. */
  rows: number;
}

/** A block as attention reads it. */
export interface Reading extends AttentionBlock {
  /** (B·T) int32 position of each cell in its text; (T) where it is the same in each row. */
  positions: tf.Tensor1D;
}

/** What a mask holds where a position may not look: exp of it is zero in float32. */
export const HIDDEN = -1e9;

/** What a layer's attention needs to know of positions. */
export interface Sight {
  angles: RotaryAngles;
  blocks: readonly AttentionBlock[];
  /** How rows become the blocks' cells, where they are not. */
  places?: RaggedPlaces;
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

/** What a model reads: blocks, whose positions the rows have, or rows of other positions that blocks are made of. */
interface Read {
  blocks: readonly Reading[];
  /** (N) int32. Default: those of the blocks. */
  positions?: tf.Tensor1D;
  places?: RaggedPlaces;
}

/**
 * The angles and masks of each layer: of global ones and, where a model has them, of local ones.
 * @param keys positions of each block's keys, (1, 1, B or 1, S, 1)
 */
export function sightOf(
  config: DecoderConfig,
  { blocks, positions = tf.concat(blocks.map((block) => block.positions)), places }: Read,
  keys: readonly tf.Tensor5D[],
): (layer: number) => Sight {
  const longest = longestOf(blocks, positions);
  const sight = (
    { ropeTheta, ropeScaling }: Pick<DecoderConfig, "ropeTheta" | "ropeScaling">,
    seen: readonly AttentionBlock[],
  ): Sight => {
    const frequencies = rotaryFrequencies(config.headWidth, ropeTheta, ropeScaling);
    return { angles: rotaryAngles(positions, config, frequencies, longest), blocks: seen, places };
  };
  const far = sight(config, blocks);
  const { local } = config;
  if (local === undefined) return () => far;
  // Texts no longer than the window need no masks of their own.
  const near = sight(local, longest <= local.window ? blocks : nearBlocks(local, blocks, keys));
  return (layer) => (local.layers[layer] ? near : far);
}

/** Length of the longest text; in a graph, which must hold for other texts too, the most that it can be. */
function longestOf(blocks: readonly Reading[], positions: tf.Tensor1D): number {
  if (isCompiling()) return Math.max(...blocks.map(({ mask }) => mask.shape[3]));
  return positions.max().dataSync()[0] + 1;
}

/** The blocks with masks that hide what is further back than the window. */
function nearBlocks(
  { window }: LocalAttention,
  blocks: readonly Reading[],
  keys: readonly tf.Tensor5D[],
): readonly AttentionBlock[] {
  return blocks.map(({ rows, mask, positions }, b) => {
    const [, , T, S] = mask.shape;
    const distance = positions.reshape([-1, 1, T, 1]).sub(keys[b].reshape([-1, 1, 1, S])); // (B or 1, 1, T, S)
    const hidden = distance.greaterEqual(tf.scalar(window, "int32")).cast("float32").mul(HIDDEN);
    return { rows, mask: mask.add<tf.Tensor4D>(hidden) };
  });
}
