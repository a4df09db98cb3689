import * as tf from "@tensorflow/tfjs";
import { type RaggedPlaces, selfAttention } from "../../operations";
import type { DecoderConfig } from "./decoder-config";
import { keyPositions, type Reading, type Sight, sightOf, type TokenBatch } from "./sight";

/**
 * Texts one behind the other, N tokens without gaps: attention alone lays them out in blocks, so that nothing else
 * computes what fills the rows of a block up.
 */
export interface RaggedBatch {
  /** (N) int32 tokens. */
  ids: tf.Tensor1D;
  /** (N) int32 position of each token in its own text. */
  positions: tf.Tensor1D;
  places: RaggedPlaces;
  /** A text to a row, from its first cell on. */
  blocks: readonly Reading[];
}

/** Texts of any lengths: rows of one length, blocks of such rows, or one text behind the other. */
export type Texts = TokenBatch | readonly TokenBatch[] | RaggedBatch;

/**
 * The tokens of texts of any lengths, (N) in all, and the attention of each layer over them. Has a gradient.
 * Everything else in a decoder treats the N tokens alike.
 */
export function raggedAttention(
  config: DecoderConfig,
  texts: Texts,
): { ids: tf.Tensor1D; attention: (layer: number) => (qkv: tf.Tensor2D) => { attended: tf.Tensor2D } } {
  const { ids, sight } = "places" in texts ? ofRows(config, texts) : ofBlocks(config, [texts].flat());
  const attention = (layer: number) => (qkv: tf.Tensor2D) => {
    const { angles, blocks, places } = sight(layer);
    return { attended: selfAttention(qkv, angles, config, blocks, { places }) };
  };
  return { ids, attention };
}

/** Tokens, and what each layer's attention needs to know of their positions. */
interface Read {
  ids: tf.Tensor1D;
  sight: (layer: number) => Sight;
}

function ofBlocks(config: DecoderConfig, blocks: readonly TokenBatch[]): Read {
  const keys = blocks.map((one) => keyPositions(one));
  const ids = tf.concat(blocks.map((one) => one.ids)); // (N)
  return { ids, sight: sightOf(config, { blocks }, keys) };
}

function ofRows(config: DecoderConfig, texts: RaggedBatch): Read {
  const keys = texts.blocks.map(({ positions }) => positions.reshape<tf.Tensor5D>([1, 1, 1, -1, 1]));
  return { ids: texts.ids, sight: sightOf(config, texts, keys) };
}
