import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";

/**
 * Scaled dot-product attention with grouped queries (Ainslie et al. 2023). The queries that share a key are
 * stacked along the rows of one product, so that keys and values are never repeated in memory.
 * @param queries (B, K, G·Q, h): K key-value heads, G query heads for each of them, Q query positions
 * @param keys (B, K, S, h)
 * @param values (B, K, S, h)
 * @param bias (B or 1, 1, G·Q, S): 0 where a query may look, a large negative number where it may not
 * @returns (B, K, G·Q, h)
 */
export function attention(
  queries: tf.Tensor4D,
  keys: tf.Tensor4D,
  values: tf.Tensor4D,
  bias: tf.Tensor4D,
): tf.Tensor4D {
  const scale = 1 / Math.sqrt(queries.shape[3]);
  const operation = withGradient<[tf.Tensor4D, tf.Tensor4D, tf.Tensor4D], tf.Tensor4D>(
    (q, k, v) => {
      const scaled = q.mul(scale); // (B, K, G·Q, h)
      const weights = tf.softmax(tf.matMul(scaled, k, false, true).add(bias)); // (B, K, G·Q, S)
      const value = tf.matMul(weights, v); // (B, K, G·Q, h)
      return { value, saved: [scaled, k, v, weights, value] };
    },
    (gradient, [scaled, k, v, weights, value]) => {
      const dValues = tf.matMul(weights, gradient, true, false); // (B, K, S, h)
      const dWeights = tf.matMul(gradient, v, false, true); // (B, K, G·Q, S)
      // Sum over keys of weight · dWeight equals gradient · value: no pass over the square (Dao et al. 2022).
      const along = gradient.mul(value).sum(-1, true); // (B, K, G·Q, 1)
      const dScores = weights.mul(dWeights.sub(along)); // (B, K, G·Q, S)
      const dQueries = tf.matMul(dScores, k).mul(scale); // (B, K, G·Q, h)
      const dKeys = tf.matMul(dScores, scaled, true, false); // (B, K, S, h)
      return [dQueries, dKeys, dValues];
    },
  );
  return operation(queries, keys, values);
}
