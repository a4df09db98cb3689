import * as tf from "@tensorflow/tfjs";

/**
 * A product with a weight in the layout of PyTorch's `nn.Linear`, without bias.
 * @param x (N, in)
 * @param weight (out, in)
 * @returns (N, out)
 */
export function linear(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(x, weight, false, true);
}
