import * as tf from "@tensorflow/tfjs";
import { linear, normaliseHeads, pairChannels, pairColumns } from "../../operations";
import type { DecoderConfig } from "./decoder-config";
import type { Normalised } from "./folded-gains";
import { groupColumns, groupRows, type OutputOrder } from "./head-order";
import type { LinearMaps } from "./linear-maps";

// Queries, keys and values of all heads lie side by side in one tensor, (N, (H + 2K)·h), from the product that makes
// them to the operation that reads them: nothing is cut apart and joined again in between.

/**
 * q, k and v in the order that attention takes, by one product in place of three.
 * @param normed (N, D)
 * @param names of the three weights, (H·h, D), (K·h, D) and (K·h, D)
 * @returns (N, (H + 2K)·h)
 */
export function projectQkv(
  { x, gain }: Normalised,
  names: readonly [q: string, k: string, v: string],
  config: DecoderConfig,
  maps: LinearMaps,
): tf.Tensor2D {
  const h = config.headWidth;
  const orderOfQ: OutputOrder = {
    ofRows: (weight) => pairChannels(groupRows(weight, config), h),
    ofColumns: (q) => pairColumns(groupColumns(q, config), h),
  };
  const orderOfK: OutputOrder = {
    ofRows: (weight) => pairChannels(weight, h),
    ofColumns: (k) => pairColumns(k, h),
  };
  if (maps.projectsApart) {
    const [q, k, v] = [orderOfQ, orderOfK, undefined].map((order, i) =>
      maps.project(x, names[i], gain, order),
    ); // (N, H·h), (N, K·h), (N, K·h)
    return tf.concat([q, k, v], 1);
  }
  // The order is made in the weights: less work than in the activations.
  const [q, k, v] = names.map((name) => maps.weight(name) as tf.Tensor2D);
  const weights = tf.concat([orderOfQ.ofRows(q), orderOfK.ofRows(k), v]); // ((H + 2K)·h, D)
  return linear(x, gain === undefined ? weights : weights.mul(gain));
}

/**
 * Each head's q and k of unit mean square, times the layer's gains; v as it is.
 * @param qkv (N, (H + 2K)·h)
 * @param names of the two normalisations, with gains of (h) each
 * @returns (N, (H + 2K)·h)
 */
export function normaliseQk(
  qkv: tf.Tensor2D,
  names: readonly [q: string, k: string],
  { heads, keyValueHeads, headWidth: h, normEpsilon }: DecoderConfig,
  maps: LinearMaps,
): tf.Tensor2D {
  const gains = names.map((name, i) =>
    pairChannels(maps.gain(name).reshape([h, 1]), h)
      .reshape([1, h])
      .tile([i === 0 ? heads : keyValueHeads, 1]),
  );
  return normaliseHeads(qkv, tf.concat(gains) as tf.Tensor2D, normEpsilon); // gains: (H + K, h)
}
