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
  mask: tf.Tensor4D;
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
interface Heads {
  /** (G, K, B, T, h), scaled. */
  q: tf.Tensor5D;
  /** (1, K, B, S, h). */
  k: tf.Tensor5D;
  /** (1, K, B, S, h). */
  v: tf.Tensor5D;
}

/** Scores in memory at a time, 24 MB; a block of fewer keeps its weights for the gradient, a larger one makes them anew. */
const SCORES_AT_ONCE = 6e6;

/**
 * Causal attention, softmax(s · q kᵀ + mask) v with s = 1/√h unless the layout says otherwise (Vaswani et al. 2017,
 * eq. 1), with rotary positions (Su et al. 2021) and grouped queries (Ainslie et al. 2023), of blocks that stand below
 * each other. Query heads come as (G, K), in the input as in the output: those that share a key stand apart. Long rows
 * are read some queries at a time, so that memory grows with their length, not with its square.
 * @param qkv (N, (H + 2K)·h): projections to queries, keys and values; N is the sum over blocks of B·T
 * @param blocks their masks hide from each query all that comes after it
 * @param options.places where N rows are texts one behind the other, which blocks are to be made of
 * @returns (N, H·h)
 */
export function selfAttention(
  qkv: tf.Tensor2D,
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
      const attended = rowsOfBlocks(laidOut(rotated, ragged[0]), blocks).map((rows, b) => {
        const heads = splitHeads(rows, blocks[b].rows, layout);
        const spans = queriesAtOnce(heads, scoresAtOnce);
        const [first] = spans;
        if (spans.length === 1) {
          const { weights, attended } = attend(heads, blocks[b].mask, first, first.to);
          saved.push(heads.q, heads.k, heads.v, attended, weights);
          return mergeHeads(attended);
        }
        const parts = spans.map((span) =>
          tf.tidy(() => attend(heads, blocks[b].mask, span, span.to).attended),
        );
        const whole = tf.concat(parts, 3); // (G, K, B, T, h)
        saved.push(heads.q, heads.k, heads.v, whole, blocks[b].mask);
        return mergeHeads(whole);
      });
      return { value: laidOut(tf.concat(attended), ragged[1]), saved };
    },
    (gradient, saved) => {
      const kept = [...saved];
      const back = kept.splice(0, angles.back.length);
      const [rows, cells] = places === undefined ? [] : (kept.splice(0, 2) as tf.Tensor1D[]);
      const gradients = rowsOfBlocks(laidOut(gradient, rows), blocks).map((rows, b) => {
        const [q, k, v, attended, last] = kept.slice(5 * b, 5 * b + 5) as tf.Tensor5D[];
        const heads = { q, k, v };
        const spans = queriesAtOnce(heads, scoresAtOnce);
        const weights = (span: QuerySpan) =>
          spans.length === 1 ? last : attend(heads, last as tf.Tensor as tf.Tensor4D, span, span.to).weights;
        return attendGradient(rows, heads, attended, spans, weights);
      });
      return [rotate(laidOut(tf.concat(gradients), cells), back)]; // (N, (H + 2K)·h)
    },
  );
  return operation(qkv);
}

/**
 * As `selfAttention` of one block, but without gradient and with the keys and values kept for texts that go on.
 * @param past keys and values of the positions before; the mask covers them too
 */
export function continueAttention(
  qkv: tf.Tensor2D,
  angles: RotaryAngles,
  layout: HeadLayout,
  { rows, mask }: AttentionBlock,
  past?: KeyValues,
  scoresAtOnce = SCORES_AT_ONCE,
): { attended: tf.Tensor2D; present: KeyValues } {
  const heads = splitHeads(rotate(qkv, angles.turn), rows, layout);
  if (past !== undefined) {
    heads.k = tf.concat([past.keys, heads.k], 3); // (1, K, B, S, h)
    heads.v = tf.concat([past.values, heads.v], 3); // (1, K, B, S, h)
  }
  const { k, v } = heads;
  const spans = queriesAtOnce(heads, scoresAtOnce);
  const parts = spans.map((span) => tf.tidy(() => attend(heads, mask, span, k.shape[3]).attended));
  return { attended: mergeHeads(tf.concat(parts, 3)), present: { keys: k, values: v } };
}

/** Rows in another order, or as they are. */
function laidOut(x: tf.Tensor2D, order: tf.Tensor1D | undefined): tf.Tensor2D {
  return order === undefined ? x : takeRows(x, order);
}

function rowsOfBlocks(x: tf.Tensor2D, blocks: readonly AttentionBlock[]): tf.Tensor2D[] {
  return tf.split(
    x,
    blocks.map(({ rows, mask }) => rows * mask.shape[2]),
  );
}

function splitHeads(x: tf.Tensor2D, B: number, { heads, keyValueHeads: K, headWidth: h }: HeadLayout): Heads {
  const byHead = x.reshape([B, x.shape[0] / B, heads + 2 * K, h]).transpose([2, 0, 1, 3]); // (H + 2K, B, T, h)
  const [q, k, v] = tf.split(byHead, [heads, K, K]);
  const [, , T] = byHead.shape as number[];
  return {
    q: q.reshape([heads / K, K, B, T, h]),
    k: k.reshape([1, K, B, T, h]),
    v: v.reshape([1, K, B, T, h]),
  };
}

/** (G, K, B, T, h) to (B·T, H·h). */
function mergeHeads(attended: tf.Tensor5D): tf.Tensor2D {
  const [G, K, B, T, h] = attended.shape;
  return attended
    .reshape([G * K, B, T, h])
    .transpose([1, 2, 0, 3])
    .reshape([B * T, G * K * h]);
}

/** Queries from one place up to, not including, another. */
interface QuerySpan {
  from: number;
  to: number;
}

function queriesAtOnce({ q, k }: Heads, scoresAtOnce: number): QuerySpan[] {
  const [G, K, B, T] = q.shape;
  const spans = Math.min(T, Math.ceil((G * K * B * T * k.shape[3]) / scoresAtOnce));
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

/**
 * softmax(q kᵀ + mask) v for a span of the queries.
 * @param seen keys up to this place are read: the mask hides those after it
 */
function attend(heads: Heads, mask: tf.Tensor4D, { from, to }: QuerySpan, seen: number) {
  const q = stretch(heads.q, from, to); // (G, K, B, t, h)
  const [G, K, B, t] = q.shape;
  const scores = tf.matMul(q, stretch(heads.k, 0, seen), false, true).reshape([G * K, B, t, seen]);
  const whole = mask.shape[2] === t && mask.shape[3] === seen;
  const part = whole ? mask : tf.slice(mask, [0, 0, from, 0], [-1, -1, t, seen]);
  const hidden = part.reshape([1, mask.shape[0], t, seen]);
  const weights = softmax(scores.add(hidden)).reshape<tf.Tensor5D>([G, K, B, t, seen]);
  const attended = tf.matMul(weights, stretch(heads.v, 0, seen)) as tf.Tensor5D; // (G, K, B, t, h)
  return { weights, attended };
}

/** @returns gradient of the block's rotated projections, (B·T, (H + 2K)·h) */
function attendGradient(
  gradient: tf.Tensor2D,
  { q, k, v }: Heads,
  attended: tf.Tensor5D,
  spans: readonly QuerySpan[],
  weights: (span: QuerySpan) => tf.Tensor5D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const [G, K, B, T, h] = q.shape;
    const dAttended = gradient
      .reshape([B, T, G * K, h])
      .transpose([2, 0, 1, 3])
      .reshape<tf.Tensor5D>(q.shape); // (G, K, B, T, h)
    // Sum over keys of weight · dWeight equals gradient · attended: no pass over the square (Dao et al. 2022).
    const along = dAttended.mul(attended).sum(-1, true) as tf.Tensor5D; // (G, K, B, T, 1)
    const parts = spans.map((span) =>
      tf.tidy(() => {
        const { from, to } = span;
        const given = stretch(dAttended, from, to); // (G, K, B, t, h)
        const w = weights(span); // (G, K, B, t, s)
        const seen = w.shape[4];
        const dScores = w.mul(
          tf.matMul(given, stretch(v, 0, seen), false, true).sub(stretch(along, from, to)),
        ); // (G, K, B, t, s)
        return {
          dQ: tf.matMul(dScores, stretch(k, 0, seen)) as tf.Tensor5D, // (G, K, B, t, h)
          dK: sumOverGroup(tf.matMul(dScores, stretch(q, from, to), true, false)), // (K, B, s, h)
          dV: sumOverGroup(tf.matMul(w, given, true, false)), // (K, B, s, h)
        };
      }),
    );
    const dQ = tf
      .concat(
        parts.map((part) => part.dQ),
        3,
      )
      .reshape([G * K, B, T, h]);
    const dK = sumOfStretches(
      parts.map((part) => part.dK),
      T,
    );
    const dV = sumOfStretches(
      parts.map((part) => part.dV),
      T,
    );
    const byHead = tf.concat([dQ, dK, dV] as tf.Tensor4D[]); // (H + 2K, B, T, h)
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
