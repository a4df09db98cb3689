import * as tf from "@tensorflow/tfjs";
import { isNative, runNative } from "./native";

/** How the heads of attention lie in a projection: H queries, then K keys, then K values. */
export interface HeadLayout {
  heads: number;
  keyValueHeads: number;
  headWidth: number;
}

/** Cosines and sines side by side, (N, H + 2K, h/2, 2) each: to turn a projection, and to turn its gradient back. */
export interface RotaryAngles {
  turn: tf.Tensor4D;
  back: tf.Tensor4D;
}

/**
 * What turns and scales a projection, channel pair by channel pair: queries turn by their positions and shrink
 * by 1/√h, keys turn, values stay. Laid out for every head once, because a broadcast in each layer would take
 * twice the time of the product.
 * @param positions (N)
 */
export function rotaryAngles(
  positions: tf.Tensor1D,
  { heads, keyValueHeads: K, headWidth }: HeadLayout,
  theta: number,
): RotaryAngles {
  const half = headWidth / 2;
  const inverse = Float32Array.from({ length: half }, (_, i) => theta ** (-i / half)); // (h/2)
  const angles = tf.outerProduct(positions.toFloat(), tf.tensor1d(inverse)).expandDims(1); // (N, 1, h/2)
  const [cos, sin] = [angles.cos(), angles.sin()]; // (N, 1, h/2)
  const stay = tf.stack([tf.onesLike(angles), tf.zerosLike(angles)], -1).tile([1, K, 1, 1]);
  const layOut = (sine: tf.Tensor) => {
    const keys = tf.stack([cos, sine], -1); // (N, 1, h/2, 2)
    const queries = keys.mul(1 / Math.sqrt(headWidth));
    return tf.concat([queries.tile([1, heads, 1, 1]), keys.tile([1, K, 1, 1]), stay], 1) as tf.Tensor4D;
  };
  return { turn: layOut(sin), back: layOut(sin.neg()) };
}

/**
 * The rows of a query or key projection in the order in which `rotate` expects a head's channels: Hugging
 * Face's Llama pairs channel i with i + h/2, complex numbers have their parts side by side. Attention does not
 * see the order as long as queries and keys share it.
 * @param weight (heads · h, D)
 */
export function pairChannels(weight: tf.Tensor2D, headWidth: number): tf.Tensor2D {
  if (!isNative()) return weight;
  const [rows, width] = weight.shape;
  return weight
    .reshape([rows / headWidth, 2, headWidth / 2, width])
    .transpose([0, 2, 1, 3])
    .reshape([rows, width]);
}

/**
 * Rotary position embeddings (Su et al. 2021): turns each pair of channels by its angle.
 * @param x (N, (H + 2K)·h), queries and keys in the order of `pairChannels`
 * @param angles (N, H + 2K, h/2, 2)
 * @returns (N, (H + 2K)·h)
 */
export function rotate(x: tf.Tensor2D, angles: tf.Tensor4D): tf.Tensor2D {
  const [N, heads, half] = angles.shape;
  if (isNative()) {
    // One pass over memory: a product of complex numbers, as which the same bytes are read.
    const product = runNative("Mul", { T: "complex64" }, [
      asComplex(x.reshape(angles.shape)), // (N, H + 2K, h/2)
      asComplex(angles),
    ]);
    return runNative("Bitcast", { T: "complex64", type: "float32" }, [product]).reshape(x.shape);
  }
  const [cos, sin] = tf.unstack(angles, 3); // (N, H + 2K, h/2) each
  const [first, second] = tf.split(x.reshape([N, heads, 2 * half]), 2, 2); // (N, H + 2K, h/2) each
  const turned = [first.mul(cos).sub(second.mul(sin)), second.mul(cos).add(first.mul(sin))];
  return tf.concat(turned, 2).reshape(x.shape);
}

function asComplex(pairs: tf.Tensor): tf.Tensor {
  return runNative("Bitcast", { T: "float32", type: "complex64" }, [pairs]);
}
