import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";

/**
 * Each query and each key of unit mean square, times its gain (Henry et al. 2020); values as they are. One operation,
 * so that nothing is cut apart and joined again.
 * @param qkv (N, (H + 2K)·h), queries, keys and values
 * @param gains (H + K, h)
 * @returns as qkv
 */
export function normaliseHeads(qkv: tf.Tensor2D, gains: tf.Tensor2D, epsilon: number): tf.Tensor2D {
  const [turning, h] = gains.shape;
  const heads = qkv.shape[1] / h; // H + 2K
  // One for queries and keys, zero for values.
  const turns = tf.range(0, heads).less(turning).cast("float32").reshape([heads, 1]);
  const operation = withGradient<[tf.Tensor2D, tf.Tensor2D], tf.Tensor2D>(
    (x, gain) => {
      const byHead = x.reshape([x.shape[0], heads, h]); // (N, H + 2K, h)
      const meanSquare = byHead.square().mean(-1, true); // (N, H + 2K, 1)
      const scale = meanSquare.add(epsilon).rsqrt().sub(1).mul(turns).add(1); // (N, H + 2K, 1)
      const normed = byHead.mul(scale);
      const value = normed.mul(withOnes(gain, heads)).reshape(x.shape) as tf.Tensor2D;
      return { value, saved: [normed, scale, gain, turns] };
    },
    (gradient, [normed, scale, gain, turn]) => {
      // A gradient that is asked for later must not hold on to what is made here.
      const byHead = () => gradient.reshape(normed.shape);
      return [
        () => {
          const dNormed = byHead().mul(withOnes(gain as tf.Tensor2D, heads));
          const along = dNormed.mul(normed).mean(-1, true).mul(turn); // (N, H + 2K, 1)
          return dNormed.sub(normed.mul(along)).mul(scale).reshape(gradient.shape);
        },
        () => tf.slice(byHead().mul(normed).sum(0), [0, 0], gain.shape as [number, number]),
      ];
    },
  );
  return operation(qkv, gains);
}

/** Gains of one for the values. */
function withOnes(gain: tf.Tensor2D, heads: number): tf.Tensor2D {
  return tf.concat([gain, tf.ones([heads - gain.shape[0], gain.shape[1]])]);
}
