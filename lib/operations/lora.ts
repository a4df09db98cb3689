import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";
import { product } from "./product";

/**
 * The linear map by a frozen weight with a trained one of low rank beside it (Hu et al. 2022): x (W + s B A)ᵀ. The
 * sum is made in the weights, which have fewer rows than the activations; the gradient of W is never made.
 * @param x (N, in)
 * @param down A, (r, in)
 * @param up B, (out, r)
 * @param weight W, (out, in); gets no gradient
 * @param scale s
 * @param gain (in), times x; gets no gradient
 * @returns (N, out)
 */
export function lowRankLinear(
  x: tf.Tensor2D,
  down: tf.Tensor2D,
  up: tf.Tensor2D,
  weight: tf.Tensor2D,
  scale: number,
  gain?: tf.Tensor1D,
): tf.Tensor2D {
  const scaled = (a: tf.Tensor2D, by?: tf.Tensor) => (by === undefined ? a : a.mul<tf.Tensor2D>(by));
  const whole = (a: tf.Tensor2D, b: tf.Tensor2D, frozen: tf.Tensor, by?: tf.Tensor) =>
    scaled(frozen.add(product(b.mul(scale), a)), by); // (out, in)
  const operation = withGradient<[tf.Tensor2D, tf.Tensor2D, tf.Tensor2D], tf.Tensor2D>(
    (activations, a, b) => ({
      value: tf.tidy(() => product(activations, whole(a, b, weight, gain), { transposeB: true })),
      saved: [activations, a, b, weight, ...(gain === undefined ? [] : [gain])],
    }),
    (gradient, saved) => {
      const [activations, a, b, frozen, by] = saved as tf.Tensor2D[];
      return [
        () => product(gradient, whole(a, b, frozen, by)), // (N, in)
        () => {
          const dLow = product(gradient, b.mul(scale)); // (N, r)
          return scaled(product(dLow, activations, { transposeA: true }), by); // (r, in)
        },
        () => {
          const low = product(activations, scaled(a, by).mul(scale), { transposeB: true }); // (N, r)
          return product(gradient, low, { transposeA: true }); // (out, r)
        },
      ];
    },
  );
  return operation(x, down, up);
}
