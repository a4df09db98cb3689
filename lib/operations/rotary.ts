import * as tf from "@tensorflow/tfjs";
import { isNative, runNative } from "./native";
import { takeRows } from "./take-rows";

/** How the heads of attention lie in a projection: H queries, then K keys, then K values. */
export interface HeadLayout {
  heads: number;
  keyValueHeads: number;
  headWidth: number;
  /** What queries are multiplied by. Default 1/√h. */
  queryScale?: number;
}

/** What turns a projection, and what turns its gradient back; of use to `rotate` only. */
export interface RotaryAngles {
  turn: tf.Tensor[];
  back: tf.Tensor[];
}

/**
 * What turns and scales a projection, channel pair by channel pair: queries turn by their positions and shrink
 * by their scale, keys turn, values stay. Laid out for every head once, because a broadcast in each layer would take
 * twice the time of the product.
 * @param positions (N)
 * @param frequencies (h/2), of `rotaryFrequencies`
 * @param length T: all positions are below it
 */
export function rotaryAngles(
  positions: tf.Tensor1D,
  { heads, keyValueHeads: K, headWidth, queryScale = 1 / Math.sqrt(headWidth) }: HeadLayout,
  frequencies: Float32Array,
  length: number,
): RotaryAngles {
  const angles = tf.outerProduct(tf.range(0, length), tf.tensor1d(frequencies)).expandDims(1); // (T, 1, h/2)
  const table = (keys: tf.Tensor, values: tf.Tensor) => {
    const queries = keys.mul(queryScale);
    return tf.concat([queries.tile([1, heads, 1]), keys.tile([1, K, 1]), values.tile([1, K, 1])], 1); // (T, H + 2K, h/2)
  };
  const cos = table(angles.cos(), tf.onesLike(angles));
  const sin = table(angles.sin(), tf.zerosLike(angles));
  const ofPositions = (sine: tf.Tensor) =>
    (isNative() ? [tf.stack([cos, sine], -1)] : [cos, sine]).map((part) => takeRows(part, positions));
  return { turn: ofPositions(sin), back: ofPositions(sin.neg()) };
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

/** As `pairChannels`, of the columns of projected queries or keys, (N, heads · h). */
export function pairColumns(x: tf.Tensor2D, headWidth: number): tf.Tensor2D {
  if (!isNative()) return x;
  const [rows, columns] = x.shape;
  return x
    .reshape([rows, columns / headWidth, 2, headWidth / 2])
    .transpose([0, 1, 3, 2])
    .reshape([rows, columns]);
}

/**
 * Rotary position embeddings (Su et al. 2021): turns each pair of channels by its angle.
 * @param x (N, (H + 2K)·h), queries and keys in the order of `pairChannels`
 * @returns (N, (H + 2K)·h)
 */
export function rotate(x: tf.Tensor2D, angles: tf.Tensor[]): tf.Tensor2D {
  if (isNative()) {
    // One pass over memory: a product of complex numbers, as which the same bytes are read.
    const [turn] = angles; // (N, H + 2K, h/2, 2)
    const product = runNative("Mul", { T: "complex64" }, [asComplex(x.reshape(turn.shape)), asComplex(turn)]);
    return runNative("Bitcast", { T: "complex64", type: "float32" }, [product]).reshape(x.shape);
  }
  const [cos, sin] = angles; // (N, H + 2K, h/2) each
  const [N, heads, half] = cos.shape;
  const [first, second] = tf.split(x.reshape([N, heads, 2 * half]), 2, 2); // (N, H + 2K, h/2) each
  const turned = [first.mul(cos).sub(second.mul(sin)), second.mul(cos).add(first.mul(sin))];
  return tf.concat(turned, 2).reshape(x.shape);
}

function asComplex(pairs: tf.Tensor): tf.Tensor {
  return runNative("Bitcast", { T: "float32", type: "complex64" }, [pairs]);
}
