import type * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";

// gelu(x) is taken as x · sigmoid(SLOPE · (x + CUBIC · x³)), which is the form with tanh, shorter by two passes.
const SLOPE = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/**
 * The gated unit gelu(gate) · up (Shazeer 2020, "GEGLU") with the approximation of Hendrycks and Gimpel (2016).
 * @param gate (N, F)
 * @param up (N, F)
 * @returns (N, F)
 */
export const geglu = withGradient<[tf.Tensor2D, tf.Tensor2D], tf.Tensor2D>(
  (gate, up) => {
    const inner = gate
      .square()
      .mul(SLOPE * CUBIC)
      .add(SLOPE)
      .mul(gate); // (N, F)
    const sigmoid = inner.sigmoid(); // (N, F)
    return { value: gate.mul(sigmoid).mul<tf.Tensor2D>(up), saved: [gate, up, sigmoid] };
  },
  (gradient, [gate, up, sigmoid]) => {
    const gelu = gate.mul(sigmoid); // (N, F)
    const innerSlope = gate
      .square()
      .mul(3 * SLOPE * CUBIC)
      .add(SLOPE); // (N, F)
    const slope = sigmoid.add(gelu.sub(gelu.mul(sigmoid)).mul(innerSlope)); // (N, F)
    return [gradient.mul(up).mul(slope), gradient.mul(gelu)];
  },
);
