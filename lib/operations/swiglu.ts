import type * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";

/**
 * The gated unit silu(gate) · up (Shazeer 2020, "SwiGLU").
 * @param gate (N, F)
 * @param up (N, F)
 * @returns (N, F)
 */
export const swiglu = withGradient<[tf.Tensor2D, tf.Tensor2D], tf.Tensor2D>(
  (gate, up) => {
    const sigmoid = gate.sigmoid(); // (N, F)
    const silu = gate.mul(sigmoid); // (N, F)
    return { value: silu.mul(up), saved: [up, sigmoid, silu] };
  },
  (gradient, [up, sigmoid, silu]) => {
    // d silu / d gate = sigmoid + silu (1 - sigmoid)
    const slope = sigmoid.add(silu).sub(silu.mul(sigmoid)); // (N, F)
    return [gradient.mul(up).mul(slope), gradient.mul(silu)];
  },
);
