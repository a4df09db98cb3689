import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";
import { type HeadLayout, type RotaryAngles, rotate } from "./rotary";
import { softmax } from "./softmax";
import { takeRows } from "./take-rows";

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

/** Where texts that stand one behind the other lie in the cells of blocks, and back. */
export interface RaggedPlaces {
  /** (C) int32: the row of each cell, block after block; of an empty cell, a row that no loss depends on. */
  rows: tf.Tensor1D;
  /** (N) int32: the cell of each row; of a row that no loss depends on, an empty cell. */
  cells: tf.Tensor1D;
}

/** A block's heads: the axis of the G queries that share a key comes first, so that keys need no copies. */
interface Heads extends KeyValues {
  /** (G, K, B, T, h), scaled. */
  queries: tf.Tensor5D;
}

/** Scores in memory at a time, 24 MB; a block of fewer keeps its weights for the gradient, a larger one makes them anew. */
const SCORES_AT_ONCE = 6e6;

/**
 * Causal attention with rotary positions and grouped queries (Ainslie et al. 2023), of blocks that stand below
 * each other. Query heads come as (G, K), in the input as in the output: those that share a key stand apart.
 * Long rows are read some queries at a time, so that memory grows with their length, not with its square.
 * @param mixed (N, (H + 2K)·h): projections to queries, keys and values; N is the sum over blocks of B·T
 * @param blocks their biases hide from each query all that comes after it
 * @param options.places where N rows are texts one behind the other, which blocks are to be made of
 * @returns (N, H·h)
 */
export function selfAttention(
  mixed: tf.Tensor2D,
  angles: RotaryAngles,
  layout: HeadLayout,
  blocks: readonly AttentionBlock[],
  { scoresAtOnce = SCORES_AT_ONCE, places }: { scoresAtOnce?: number; places?: RaggedPlaces } = {},
): tf.Tensor2D {
  const operation = withGradient<[tf.Tensor2D], tf.Tensor2D>(
    (projections) => {
      const rotated = rotate(projections, angles.turn); // (N, (H + 2K)·h)
      const ragged = places === undefined ? [] : [places.rows, places.cells];
      const saved: tf.Tensor[] = [...angles.back, ...ragged];
      const values = rowsOfBlocks(laidOut(rotated, ragged[0]), blocks).map((rows, b) => {
        const heads = splitHeads(rows, blocks[b].rows, layout);
        const spans = queriesAtOnce(heads, scoresAtOnce);
        const [first] = spans;
        if (spans.length === 1) {
          const { weights, value } = attend(heads, blocks[b].bias, first, first.to);
          saved.push(heads.queries, heads.keys, heads.values, value, weights);
          return mergeHeads(value);
        }
        const parts = spans.map((span) => tf.tidy(() => attend(heads, blocks[b].bias, span, span.to).value));
        const value = tf.concat(parts, 3); // (G, K, B, T, h)
        saved.push(heads.queries, heads.keys, heads.values, value, blocks[b].bias);
        return mergeHeads(value);
      });
      return { value: laidOut(tf.concat(values), ragged[1]), saved };
    },
    (gradient, saved) => {
      const kept = [...saved];
      const back = kept.splice(0, angles.back.length);
      const [rows, cells] = places === undefined ? [] : (kept.splice(0, 2) as tf.Tensor1D[]);
      const gradients = rowsOfBlocks(laidOut(gradient, rows), blocks).map((rows, b) => {
        const [queries, keys, values, value, last] = kept.slice(5 * b, 5 * b + 5) as tf.Tensor5D[];
        const heads = { queries, keys, values };
        const spans = queriesAtOnce(heads, scoresAtOnce);
        const weights = (span: QuerySpan) =>
          spans.length === 1 ? last : attend(heads, last as tf.Tensor as tf.Tensor4D, span, span.to).weights;
        return attendGradient(rows, heads, value, spans, weights);
      });
      return [rotate(laidOut(tf.concat(gradients), cells), back)]; // (N, (H + 2K)·h)
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
  scoresAtOnce = SCORES_AT_ONCE,
): { attended: tf.Tensor2D; present: KeyValues } {
  const heads = splitHeads(rotate(mixed, angles.turn), rows, layout);
  if (past !== undefined) {
    heads.keys = tf.concat([past.keys, heads.keys], 3); // (1, K, B, S, h)
    heads.values = tf.concat([past.values, heads.values], 3); // (1, K, B, S, h)
  }
  const { keys, values } = heads;
  const spans = queriesAtOnce(heads, scoresAtOnce);
  const parts = spans.map((span) => tf.tidy(() => attend(heads, bias, span, keys.shape[3]).value));
  return { attended: mergeHeads(tf.concat(parts, 3)), present: { keys, values } };
}

/** Rows in another order, or as they are. */
function laidOut(x: tf.Tensor2D, order: tf.Tensor1D | undefined): tf.Tensor2D {
  return order === undefined ? x : takeRows(x, order);
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

/** Queries from one place up to, not including, another. */
interface QuerySpan {
  from: number;
  to: number;
}

function queriesAtOnce({ queries, keys }: Heads, scoresAtOnce: number): QuerySpan[] {
  const [G, K, B, T] = queries.shape;
  const spans = Math.min(T, Math.ceil((G * K * B * T * keys.shape[3]) / scoresAtOnce));
  const size = Math.ceil(T / spans);
  return Array.from({ length: Math.ceil(T / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(T, (i + 1) * size),
  }));
}

/** A stretch of the axis of positions; all of it is the tensor itself. */
function stretch(x: tf.Tensor5D, from: number, to: number): tf.Tensor5D {
  const [a, b, c, length, d] = x.shape;
  return from === 0 && to === length ? x : tf.slice(x, [0, 0, 0, from, 0], [a, b, c, to - from, d]);
}

/** @param seen keys up to this place are read: the bias hides those after it */
function attend(heads: Heads, bias: tf.Tensor4D, { from, to }: QuerySpan, seen: number) {
  const queries = stretch(heads.queries, from, to);
  const [G, K, B, t] = queries.shape;
  const scores = tf.matMul(queries, stretch(heads.keys, 0, seen), false, true).reshape([G * K, B, t, seen]);
  const whole = bias.shape[2] === t && bias.shape[3] === seen;
  const part = whole ? bias : tf.slice(bias, [0, 0, from, 0], [-1, -1, t, seen]);
  const mask = part.reshape([1, bias.shape[0], t, seen]);
  const weights = softmax(scores.add(mask)).reshape<tf.Tensor5D>([G, K, B, t, seen]);
  return { weights, value: tf.matMul(weights, stretch(heads.values, 0, seen)) as tf.Tensor5D }; // value: (G, K, B, t, h)
}

/** @returns gradient of the block's rotated projections, (B·T, (H + 2K)·h) */
function attendGradient(
  gradient: tf.Tensor2D,
  { queries, keys, values }: Heads,
  value: tf.Tensor5D,
  spans: readonly QuerySpan[],
  weights: (span: QuerySpan) => tf.Tensor5D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const [G, K, B, T, h] = queries.shape;
    const dValue = gradient
      .reshape([B, T, G * K, h])
      .transpose([2, 0, 1, 3])
      .reshape<tf.Tensor5D>(queries.shape); // (G, K, B, T, h)
    // Sum over keys of weight · dWeight equals gradient · value: no pass over the square (Dao et al. 2022).
    const along = dValue.mul(value).sum(-1, true) as tf.Tensor5D; // (G, K, B, T, 1)
    const parts = spans.map((span) =>
      tf.tidy(() => {
        const { from, to } = span;
        const given = stretch(dValue, from, to); // (G, K, B, t, h)
        const w = weights(span); // (G, K, B, t, s)
        const seen = w.shape[4];
        const dScores = w.mul(
          tf.matMul(given, stretch(values, 0, seen), false, true).sub(stretch(along, from, to)),
        ); // (G, K, B, t, s)
        return {
          dQueries: tf.matMul(dScores, stretch(keys, 0, seen)) as tf.Tensor5D, // (G, K, B, t, h)
          dKeys: sumOverGroup(tf.matMul(dScores, stretch(queries, from, to), true, false)), // (K, B, s, h)
          dValues: sumOverGroup(tf.matMul(w, given, true, false)), // (K, B, s, h)
        };
      }),
    );
    const dQueries = tf
      .concat(
        parts.map((part) => part.dQueries),
        3,
      )
      .reshape([G * K, B, T, h]);
    const dKeys = sumOfStretches(
      parts.map((part) => part.dKeys),
      T,
    );
    const dValues = sumOfStretches(
      parts.map((part) => part.dValues),
      T,
    );
    const byHead = tf.concat([dQueries, dKeys, dValues] as tf.Tensor4D[]); // (H + 2K, B, T, h)
    return byHead.transpose([1, 2, 0, 3]).reshape([B * T, (G + 2) * K * h]);
  });
}

/** (G, K, B, s, h) to (K, B, s, h). */
function sumOverGroup(x: tf.Tensor): tf.Tensor4D {
  const [G, ...rest] = x.shape;
  return tf.addN(tf.split(x, G)).reshape(rest as [number, number, number, number]);
}

/** Sum of tensors (K, B, s, h) that each cover the first positions of T. */
function sumOfStretches(parts: tf.Tensor4D[], T: number): tf.Tensor4D {
  if (parts.length === 1) return parts[0];
  return tf.addN(
    parts.map((part) =>
      tf.pad(part, [
        [0, 0],
        [0, 0],
        [0, T - part.shape[2]],
        [0, 0],
      ]),
    ), // (K, B, T, h)
  );
}
