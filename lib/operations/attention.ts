import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";
import { type HeadLayout, type RotaryAngles, rotate } from "./rotary";
import { softmax } from "./softmax";

/** Texts side by side in rows of one length. */
export interface AttentionBlock {
  /** B. */
  rows: number;
  /** (B or 1, 1, T, S): 0 where a query may look, a large negative number where it may not. */
  bias: tf.Tensor4D;
}

/** Keys and values of one layer, each (1, K, B, S, h). */
export type KeyValues = {
  keys: tf.Tensor5D;
  values: tf.Tensor5D;
};

/** A block's heads: the axis of the G queries that share a key comes first, so that keys need no copies. */
interface Heads extends KeyValues {
  /** (G, K, B, T, h), scaled by 1/√h. */
  queries: tf.Tensor5D;
}

/**
 * Causal attention with rotary positions and grouped queries (Ainslie et al. 2023), of blocks that stand below
 * each other. Query heads come as (G, K), in the input as in the output: those that share a key stand apart.
 * @param mixed (N, (H + 2K)·h): projections to queries, keys and values; N is the sum over blocks of B·T
 * @returns (N, H·h)
 */
export function selfAttention(
  mixed: tf.Tensor2D,
  angles: RotaryAngles,
  layout: HeadLayout,
  blocks: readonly AttentionBlock[],
): tf.Tensor2D {
  const operation = withGradient<[tf.Tensor2D], tf.Tensor2D>(
    (projections) => {
      const rotated = rotate(projections, angles.turn); // (N, (H + 2K)·h)
      const saved: tf.Tensor[] = [...angles.back];
      const values = rowsOfBlocks(rotated, blocks).map((rows, b) => {
        const heads = splitHeads(rows, blocks[b].rows, layout);
        const { weights, value } = attend(heads, blocks[b].bias);
        saved.push(heads.queries, heads.keys, heads.values, weights, value);
        return mergeHeads(value);
      });
      return { value: tf.concat(values), saved };
    },
    (gradient, saved) => {
      const back = saved.slice(0, angles.back.length);
      const kept = saved.slice(angles.back.length);
      const gradients = rowsOfBlocks(gradient, blocks).map((rows, b) => {
        const [queries, keys, values, weights, value] = kept.slice(5 * b, 5 * b + 5) as tf.Tensor5D[];
        return attendGradient(rows, { queries, keys, values }, weights, value);
      });
      return [rotate(tf.concat(gradients), back)]; // (N, (H + 2K)·h)
    },
  );
  return operation(mixed);
}

/**
 * As `selfAttention` of one block, but without gradient and with the keys and values kept for texts that go on.
 * @param past keys and values of the positions before; the bias covers them too
 */
export function continueAttention(
  mixed: tf.Tensor2D,
  angles: RotaryAngles,
  layout: HeadLayout,
  { rows, bias }: AttentionBlock,
  past?: KeyValues,
): { attended: tf.Tensor2D; present: KeyValues } {
  const heads = splitHeads(rotate(mixed, angles.turn), rows, layout);
  if (past !== undefined) {
    heads.keys = tf.concat([past.keys, heads.keys], 3); // (1, K, B, S, h)
    heads.values = tf.concat([past.values, heads.values], 3); // (1, K, B, S, h)
  }
  const { value } = attend(heads, bias);
  const { keys, values } = heads;
  return { attended: mergeHeads(value), present: { keys, values } };
}

function rowsOfBlocks(x: tf.Tensor2D, blocks: readonly AttentionBlock[]): tf.Tensor2D[] {
  return tf.split(
    x,
    blocks.map(({ rows, bias }) => rows * bias.shape[2]),
  );
}

function splitHeads(x: tf.Tensor2D, B: number, { heads, keyValueHeads: K, headWidth: h }: HeadLayout): Heads {
  const byHead = x.reshape([B, x.shape[0] / B, heads + 2 * K, h]).transpose([2, 0, 1, 3]); // (H + 2K, B, T, h)
  const [queries, keys, values] = tf.split(byHead, [heads, K, K]);
  const [, , T] = byHead.shape as number[];
  return {
    queries: queries.reshape([heads / K, K, B, T, h]),
    keys: keys.reshape([1, K, B, T, h]),
    values: values.reshape([1, K, B, T, h]),
  };
}

/** (G, K, B, T, h) to (B·T, H·h). */
function mergeHeads(value: tf.Tensor5D): tf.Tensor2D {
  const [G, K, B, T, h] = value.shape;
  return value
    .reshape([G * K, B, T, h])
    .transpose([1, 2, 0, 3])
    .reshape([B * T, G * K * h]);
}

function attend({ queries, keys, values }: Heads, bias: tf.Tensor4D) {
  const [G, K, B, T] = queries.shape;
  const S = keys.shape[3];
  const scores = tf.matMul(queries, keys, false, true).reshape([G * K, B, T, S]);
  const mask = bias.reshape([1, bias.shape[0], T, S]);
  const weights = softmax(scores.add(mask)).reshape([G, K, B, T, S]);
  return { weights, value: tf.matMul(weights, values) as tf.Tensor5D }; // value: (G, K, B, T, h)
}

/** @returns gradient of the block's rotated projections, (B·T, (H + 2K)·h) */
function attendGradient(
  gradient: tf.Tensor2D,
  { queries, keys, values }: Heads,
  weights: tf.Tensor5D,
  value: tf.Tensor5D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const [G, K, B, T, h] = queries.shape;
    const dValue = gradient
      .reshape([B, T, G * K, h])
      .transpose([2, 0, 1, 3])
      .reshape(queries.shape); // (G, K, B, T, h)
    const dValues = sumOverGroup(tf.matMul(weights, dValue, true, false)); // (K, B, T, h)
    // Sum over keys of weight · dWeight equals gradient · value: no pass over the square (Dao et al. 2022).
    const along = dValue.mul(value).sum(-1, true); // (G, K, B, T, 1)
    const dScores = weights.mul(tf.matMul(dValue, values, false, true).sub(along)); // (G, K, B, T, T)
    const dQueries = tf.matMul(dScores, keys).reshape([G * K, B, T, h]);
    const dKeys = sumOverGroup(tf.matMul(dScores, queries, true, false)); // (K, B, T, h)
    const byHead = tf.concat([dQueries, dKeys, dValues] as tf.Tensor4D[]); // (H + 2K, B, T, h)
    return byHead.transpose([1, 2, 0, 3]).reshape([B * T, (G + 2) * K * h]);
  });
}

/** (G, K, B, T, h) to (K, B, T, h). */
function sumOverGroup(x: tf.Tensor): tf.Tensor {
  const [G, ...rest] = x.shape;
  return tf.addN(tf.split(x, G)).reshape(rest);
}
