import type * as tf from "@tensorflow/tfjs";

// A normalisation ends in a product with its gain g, and a linear map follows: (x · g) Wᵀ = x (W · g)ᵀ, where g goes
// along the columns. So the product may be made in whichever has fewer rows, the activations or the weight.

/** Normalised activations, and the gain that the linear map after them has still to take in. */
export interface Normalised {
  /** (N, D). */
  x: tf.Tensor2D;
  /** (D); undefined where x has been multiplied by it. */
  gain: tf.Tensor1D | undefined;
}

/**
 * Activations that several weights read, times their gain where that is less work than to scale the weights.
 * @param x (N, D), of unit mean square
 * @param gain (D)
 * @param rows of those weights, of which each call scales its own
 */
export function withGain(x: tf.Tensor2D, gain: tf.Tensor1D, rows: number): Normalised {
  return x.shape[0] < rows ? { x: x.mul(gain), gain: undefined } : { x, gain };
}

/**
 * The two sides of a linear map, the gain multiplied into the one of fewer rows.
 * @param x (N, in)
 * @param weight (out, in)
 * @param gain (in)
 */
export function foldGain(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  gain: tf.Tensor1D,
): { x: tf.Tensor2D; weight: tf.Tensor2D } {
  return x.shape[0] < weight.shape[0] ? { x: x.mul(gain), weight } : { x, weight: weight.mul(gain) };
}
