import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";

/** Cosines and sines of the rotary angles, each (B·T, heads, half a head's width). */
export interface RotaryAngles {
  cos: tf.Tensor;
  sin: tf.Tensor;
}

/**
 * Angles of rotary position embeddings (Su et al. 2021) for given positions.
 * They are laid out for each head once: a broadcast in every layer would take twice the time of the product.
 * @param positions (B·T)
 * @param heads heads that are rotated alike
 */
export function rotaryAngles(
  positions: tf.Tensor1D,
  heads: number,
  headWidth: number,
  theta: number,
): RotaryAngles {
  const half = headWidth / 2;
  const inverse = Float32Array.from({ length: half }, (_, i) => theta ** (-i / half)); // (half)
  const angles = tf.outerProduct(positions.toFloat(), tf.tensor1d(inverse)).expandDims(1); // (B·T, 1, half)
  return { cos: angles.cos().tile([1, heads, 1]), sin: angles.sin().tile([1, heads, 1]) };
}

/**
 * Rotates each head's first half against its second (the layout of Hugging Face's Llama). A rotation's
 * gradient is the rotation back.
 * @param x (B·T, H, headWidth)
 * @returns (B·T, H, headWidth)
 */
export function rotate(x: tf.Tensor3D, { cos, sin }: RotaryAngles): tf.Tensor3D {
  const operation = withGradient<[tf.Tensor3D], tf.Tensor3D>(
    (heads) => ({ value: turn(heads, cos, sin), saved: [cos, sin] }),
    (gradient, [c, s]) => [turn(gradient, c, s.neg())],
  );
  return operation(x);
}

function turn(x: tf.Tensor3D, cos: tf.Tensor, sin: tf.Tensor): tf.Tensor3D {
  const [first, second] = tf.split(x, 2, 2); // (B·T, H, headWidth / 2) each
  return tf.concat(
    [first.mul(cos).sub(second.mul(sin)), second.mul(cos).add(first.mul(sin))],
    2,
  ) as tf.Tensor3D;
}
