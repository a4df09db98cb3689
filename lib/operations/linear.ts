import type * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";
import { product } from "./product";

/**
 * A product with a weight in the layout of PyTorch's `nn.Linear`, without bias.
 * @param x (N, in)
 * @param weight (out, in)
 * @returns (N, out)
 */
export const linear = withGradient<[tf.Tensor2D, tf.Tensor2D], tf.Tensor2D>(
  (x, weight) => ({ value: product(x, weight, { transposeB: true }), saved: [x, weight] }),
  (gradient, saved) => {
    const [x, weight] = saved as tf.Tensor2D[];
    return [() => product(gradient, weight), () => product(gradient, x, { transposeA: true })]; // (N, in), (out, in)
  },
);
