import type * as tf from "@tensorflow/tfjs";
import { type KeyValues as AttentionKeyValues, continueAttention } from "../../operations";
import type { DecoderConfig } from "./decoder-config";
import { keyPositions, sightOf, type TokenBatch } from "./sight";

/** Keys and values of one layer for texts that go on, each (1, K, B, S, h), and where the keys stand in their text. */
export type KeyValues = AttentionKeyValues & {
  /** (1, 1, B, S, 1) int32: what selects or repeats keys along an axis does the same here. Shared by all layers. */
  positions: tf.Tensor5D;
};

/**
 * The attention of each layer for texts that go on from cached keys and values, which it extends by their own.
 * A key depends on nothing after it, so that what texts share is computed once (Pope et al. 2023).
 * No gradient.
 * @param past of each layer; none where the texts begin here
 */
export function cachedAttention(
  config: DecoderConfig,
  batch: TokenBatch,
  past?: readonly KeyValues[],
): (layer: number) => (qkv: tf.Tensor2D) => { attended: tf.Tensor2D; present: KeyValues } {
  const positions = keyPositions(batch, past?.[0].positions);
  const sight = sightOf(config, { blocks: [batch] }, [positions]);
  return (layer) => (qkv) => {
    const { angles, blocks } = sight(layer);
    const { attended, present } = continueAttention(qkv, angles, config, blocks[0], past?.[layer]);
    return { attended, present: { ...present, positions } };
  };
}
