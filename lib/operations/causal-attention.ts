import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";
import { softmax } from "./softmax";

/** Sequences side by side in rows of one length, each from the row's first cell on. */
export interface SequenceBlock {
  /** B. */
  rows: number;
  /** T. */
  length: number;
}

/** What a query may not see gets this score: exp of it is zero in float32. */
const HIDDEN = -1e9;

/**
 * Causal attention (Vaswani et al. 2017) of blocks that stand below each other, each row a sequence; what fills
 * the end of a shorter one is seen by nothing that counts.
 * @param mixed (N, 3·D): queries, keys and values; N is the sum over blocks of B·T
 * @param masks of each block (H, B, T, T): what dropout multiplies the weights by; none without dropout
 * @returns (N, D)
 */
export function causalAttention(
  mixed: tf.Tensor2D,
  heads: number,
  blocks: readonly SequenceBlock[],
  masks?: readonly tf.Tensor[],
): tf.Tensor2D {
  const operation = withGradient<[tf.Tensor2D], tf.Tensor2D>(
    (projections) => {
      const saved: tf.Tensor[] = [];
      const values = rowsOfBlocks(projections, blocks).map((rows, b) => {
        const [queries, keys, values] = splitHeads(rows, blocks[b], heads);
        const weights = attentionWeights(queries, keys); // (H, B, T, T)
        const kept = masks === undefined ? weights : weights.mul<tf.Tensor4D>(masks[b]);
        const value = tf.matMul(kept, values) as tf.Tensor4D; // (H, B, T, h)
        saved.push(queries, keys, values, weights, kept, value, ...(masks === undefined ? [] : [masks[b]]));
        return mergeHeads(value);
      });
      return { value: tf.concat(values), saved };
    },
    (gradient, saved) => {
      const gradients = rowsOfBlocks(gradient, blocks).map((rows, b) => {
        const each = saved.length / blocks.length;
        return attentionGradient(rows, saved.slice(each * b, each * (b + 1)) as tf.Tensor4D[], heads);
      });
      return [tf.concat(gradients)]; // (N, 3·D)
    },
  );
  return operation(mixed);
}

function rowsOfBlocks(x: tf.Tensor2D, blocks: readonly SequenceBlock[]): tf.Tensor2D[] {
  return tf.split(
    x,
    blocks.map(({ rows, length }) => rows * length),
  );
}

/** (B·T, 3·D) to queries, keys and values, each (H, B, T, h). */
function splitHeads(x: tf.Tensor2D, { rows, length }: SequenceBlock, heads: number): tf.Tensor4D[] {
  const headWidth = x.shape[1] / (3 * heads);
  const byHead = x.reshape([rows, length, 3 * heads, headWidth]).transpose([2, 0, 1, 3]); // (3·H, B, T, h)
  return tf.split(byHead as tf.Tensor4D, 3);
}

/** (H, B, T, h) to (B·T, H·h). */
function mergeHeads(x: tf.Tensor4D): tf.Tensor2D {
  const [H, B, T, h] = x.shape;
  return x.transpose([1, 2, 0, 3]).reshape([B * T, H * h]);
}

/** (H, B, T, T). */
function attentionWeights(queries: tf.Tensor4D, keys: tf.Tensor4D): tf.Tensor4D {
  const [, , T, h] = queries.shape;
  const scores = tf.matMul(queries, keys, false, true).mul(1 / Math.sqrt(h));
  const hidden = Float32Array.from({ length: T * T }, (_, i) => (i % T > Math.floor(i / T) ? HIDDEN : 0));
  return softmax(scores.add<tf.Tensor4D>(tf.tensor2d(hidden, [T, T])));
}

/** @returns gradient of the block's projections, (B·T, 3·D) */
function attentionGradient(
  gradient: tf.Tensor2D,
  [queries, keys, values, weights, kept, value, mask]: readonly tf.Tensor4D[],
  heads: number,
): tf.Tensor2D {
  const [, B, T, h] = queries.shape;
  const dValue = gradient.reshape([B, T, heads, h]).transpose([2, 0, 1, 3]) as tf.Tensor4D; // (H, B, T, h)
  const dValues = tf.matMul(kept, dValue, true, false);
  const dKept = tf.matMul(dValue, values, false, true); // (H, B, T, T)
  // Sum over keys of weight · dWeight equals gradient · value, with dropout too (Dao et al. 2022).
  const along = dValue.mul(value).sum(-1, true); // (H, B, T, 1)
  const dWeights = mask === undefined ? dKept : dKept.mul(mask);
  const dScores = weights.mul(dWeights.sub(along)).mul<tf.Tensor4D>(1 / Math.sqrt(h)); // (H, B, T, T)
  const dQueries = tf.matMul(dScores, keys);
  const dKeys = tf.matMul(dScores, queries, true, false);
  const byHead = tf.concat([dQueries, dKeys, dValues]); // (3·H, B, T, h)
  return byHead.transpose([1, 2, 0, 3]).reshape([B * T, 3 * heads * h]);
}
