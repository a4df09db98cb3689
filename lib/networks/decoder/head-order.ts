import type * as tf from "@tensorflow/tfjs";
import type { HeadLayout } from "../../operations";

// Attention takes the query heads of a layer as (G, K), those that share a key apart; Hugging Face's weights and
// activations have them as (K, G). Where G or K is one, the two are the same.

/** An order of outputs other than the stored one: made in the weight's rows, or where that cannot be, in the outputs. */
export interface OutputOrder {
  ofRows(weight: tf.Tensor2D): tf.Tensor2D;
  ofColumns(outputs: tf.Tensor2D): tf.Tensor2D;
}

/** Rows of a query weight, (H·h, D), in the order that attention takes. */
export function groupRows(weight: tf.Tensor2D, layout: HeadLayout): tf.Tensor2D {
  const { heads, keyValueHeads: K, headWidth: h } = layout;
  if (isSame(layout)) return weight;
  const [rows, width] = weight.shape;
  return weight
    .reshape([K, heads / K, h, width])
    .transpose([1, 0, 2, 3])
    .reshape([rows, width]);
}

/** Columns of queries, or of the weight that takes what attention gives, (·, H·h), in the order that attention takes. */
export function groupColumns(queries: tf.Tensor2D, layout: HeadLayout): tf.Tensor2D {
  return swapColumns(queries, layout, [layout.keyValueHeads, layout.heads / layout.keyValueHeads]);
}

/** Columns of what attention gives, (N, H·h), in the order of Hugging Face. */
export function ungroupColumns(attended: tf.Tensor2D, layout: HeadLayout): tf.Tensor2D {
  return swapColumns(attended, layout, [layout.heads / layout.keyValueHeads, layout.keyValueHeads]);
}

function swapColumns(x: tf.Tensor2D, layout: HeadLayout, [first, second]: [number, number]): tf.Tensor2D {
  if (isSame(layout)) return x;
  const [rows, columns] = x.shape;
  return x.reshape([rows, first, second, layout.headWidth]).transpose([0, 2, 1, 3]).reshape([rows, columns]);
}

function isSame({ heads, keyValueHeads }: HeadLayout): boolean {
  return keyValueHeads === 1 || keyValueHeads === heads;
}
