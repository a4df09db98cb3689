import type * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";

/**
 * Root-mean-square normalisation (Zhang and Sennrich 2019, eq. 4) without its gain: the gain is folded into
 * the product that follows, which saves three passes over the activations.
 * @param x activations, (N, D)
 * @returns (N, D): rows of unit mean square
 */
export function rmsNormalise(x: tf.Tensor2D, epsilon: number): tf.Tensor2D {
  const operation = withGradient<[tf.Tensor2D], tf.Tensor2D>(
    (activations) => {
      const scale = activations.square().mean(-1, true).add(epsilon).rsqrt(); // (N, 1)
      const value = activations.mul(scale); // (N, D)
      return { value, saved: [value, scale] };
    },
    (gradient, [value, scale]) => {
      const along = gradient.mul(value).mean(-1, true); // (N, 1)
      return [gradient.sub(value.mul(along)).mul(scale)]; // (N, D)
    },
  );
  return operation(x);
}
