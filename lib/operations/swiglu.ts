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
    const value = silu.mul<tf.Tensor2D>(up); // (N, F)
    return { value, saved: [up, sigmoid, silu, value] };
  },
  (gradient, [up, sigmoid, silu, value]) => {
    // up · d silu / d gate = up · (sigmoid + silu (1 - sigmoid)) = value + sigmoid (up - value)
    const slope = value.add(sigmoid.mul(up.sub(value))); // (N, F)
    return [gradient.mul(slope), gradient.mul(silu)];
  },
);
