import type * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";

/** A sum whose parts are not kept for the gradient, as `tf.add` keeps them. */
export const residual = withGradient<[tf.Tensor2D, tf.Tensor2D], tf.Tensor2D>(
  (stream, added) => ({ value: stream.add(added), saved: [] }),
  (gradient) => [() => gradient.clone(), () => gradient.clone()],
);
