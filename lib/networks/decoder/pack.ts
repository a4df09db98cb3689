import * as tf from "@tensorflow/tfjs";
import { HIDDEN, type TokenBatch } from "./sight";
import { predictedSpans, type TrainingText, tokensOf, weightOf } from "./training-text";

/** Texts laid side by side in rows of one length, none of which sees another. */
export interface PackedRows {
  /** B, rows, and T, their length. */
  rows: number;
  length: number;
  /** (B·T) tokens; zero where a row is not filled. */
  ids: Int32Array;
  /** (B·T) position of each token in its own text. */
  positions: Int32Array;
  /** (B·T) number of the text within its row; -1 where a row is not filled. */
  texts: Int32Array;
  /** (M) positions after which a token is to be predicted, and (M) that token. */
  at: Int32Array;
  targets: Int32Array;
  /** (M) how much each counts; absent where all count 1. */
  weights?: Float32Array;
}

/**
 * Packs texts into rows by first fit, longest first. Of the possible row lengths it takes the cheapest: long
 * rows waste less, but attention costs the square.
 * @param texts of at least one token each
 * @param width the model's width D, which sets the price of a position against that of a pair
 */
export function packRows(texts: readonly TrainingText[], width: number): PackedRows {
  const sequences = texts.map(tokensOf);
  const order = sequences.map((_, i) => i).sort((a, b) => sequences[b].length - sequences[a].length || a - b);
  const longest = sequences[order[0]].length;
  const price = (rows: number, length: number) => rows * length * positionPrice(width, length);
  let best = firstFit(sequences, order, longest);
  let length = longest;
  for (let candidate = longest + 16; candidate <= Math.max(2 * longest, 256); candidate += 16) {
    const rows = firstFit(sequences, order, candidate);
    if (price(rows.length, candidate) < price(best.length, length)) [best, length] = [rows, candidate];
  }
  return layOut(texts, best, length);
}

/** Work of a position in a row, in pairs of positions. */
function positionPrice(width: number, length: number): number {
  return rowPrice(width) + length;
}

/** Work of a position by itself: a decoder layer takes about 24 D² operations for it and 4 D for a pair of them. */
export function rowPrice(width: number): number {
  return 6 * width;
}

/** The texts of each row. */
function firstFit(sequences: readonly Int32Array[], order: readonly number[], length: number): number[][] {
  const rows: number[][] = [];
  const room: number[] = [];
  for (const i of order) {
    const size = sequences[i].length;
    let row = room.findIndex((left) => left >= size);
    if (row < 0) {
      row = rows.push([]) - 1;
      room.push(length);
    }
    rows[row].push(i);
    room[row] -= size;
  }
  return rows;
}

function layOut(texts: readonly TrainingText[], rows: readonly number[][], length: number): PackedRows {
  const cells = rows.length * length;
  const packed = {
    rows: rows.length,
    length,
    ids: new Int32Array(cells),
    positions: new Int32Array(cells),
    texts: new Int32Array(cells).fill(-1),
  };
  const at: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  rows.forEach((members, row) => {
    let cell = row * length;
    members.forEach((member, number) => {
      const ids = tokensOf(texts[member]);
      packed.ids.set(ids, cell);
      packed.positions.set(
        ids.map((_, position) => position),
        cell,
      );
      packed.texts.fill(number, cell, cell + ids.length);
      for (const { start, end } of predictedSpans(texts[member])) {
        for (let position = start; position < end; position++) {
          at.push(cell + position - 1);
          targets.push(ids[position]);
          weights.push(weightOf(texts[member]));
        }
      }
      cell += ids.length;
    });
  });
  return {
    ...packed,
    at: Int32Array.from(at),
    targets: Int32Array.from(targets),
    ...(weights.some((weight) => weight !== 1) ? { weights: Float32Array.from(weights) } : {}),
  };
}

/**
 * Packs texts into blocks whose rows differ in length: texts of like length come together, which leaves little
 * of a row unused.
 */
export function packBlocks(texts: readonly TrainingText[], width: number): PackedRows[] {
  const length = (text: TrainingText) => tokensOf(text).length;
  const order = [...texts].sort((a, b) => length(b) - length(a));
  const tokens = order.reduce((n, text) => n + length(text), 0);
  const blocks = Array.from({ length: Math.ceil(tokens / TOKENS_PER_BLOCK) }, (): TrainingText[] => []);
  let before = 0;
  for (const text of order) {
    blocks[Math.floor((before / tokens) * blocks.length)].push(text);
    before += length(text);
  }
  return blocks.filter((block) => block.length > 0).map((block) => packRows(block, width));
}

/** About how many tokens a block holds: fewer cost calls, more cost memory and unused cells. */
const TOKENS_PER_BLOCK = 1600;

/** Packed rows one below the other, as a decoder's loss takes them; the caller disposes the tensors. */
export function blocksToTensors(blocks: readonly PackedRows[]): {
  batches: TokenBatch[];
  at: tf.Tensor1D;
  targets: tf.Tensor1D;
  weights?: tf.Tensor1D;
} {
  return tf.tidy(() => {
    const tensors = blocks.map(toTensors);
    let start = 0;
    const at = tensors.map((block, b) => {
      const moved = block.at.add<tf.Tensor1D>(tf.scalar(start, "int32"));
      start += blocks[b].ids.length;
      return moved;
    });
    return {
      batches: tensors.map(({ batch }) => ({ ...batch })),
      at: tf.concat(at), // (M)
      targets: tf.concat(tensors.map(({ targets }) => targets)), // (M)
      ...(blocks.some(({ weights }) => weights !== undefined) ? { weights: weightsOf(blocks) } : {}), // (M)
    };
  });
}

function weightsOf(blocks: readonly PackedRows[]): tf.Tensor1D {
  return tf.concat(
    blocks.map(({ weights, targets }) =>
      weights === undefined ? tf.ones<tf.Rank.R1>([targets.length]) : tf.tensor1d(weights),
    ),
  );
}

/** A packed batch as tensors, but for the weights; the caller disposes them. */
export function toTensors(packed: PackedRows): { batch: TokenBatch; at: tf.Tensor1D; targets: tf.Tensor1D } {
  return {
    batch: {
      ids: tf.tensor1d(packed.ids, "int32"), // (B·T)
      positions: tf.tensor1d(packed.positions, "int32"), // (B·T)
      // Where no row holds two texts, what is not filled stands last and is seen by nothing that counts.
      mask: causalMask(packed, !packed.texts.some((text) => text > 0)),
      rows: packed.rows,
    },
    at: tf.tensor1d(packed.at, "int32"), // (M)
    targets: tf.tensor1d(packed.targets, "int32"), // (M)
  };
}

/**
 * (B or 1, 1, T, T): a position sees itself and what stands before it in its own text.
 * @param shared whether one mask serves all rows, none of which holds two texts
 */
export function causalMask(
  { rows, length, texts }: Pick<PackedRows, "rows" | "length" | "texts">,
  shared: boolean,
): tf.Tensor4D {
  const kinds = shared ? 1 : rows;
  const mask = new Float32Array(kinds * length * length).fill(HIDDEN);
  for (let row = 0, cell = 0; row < kinds; row++) {
    for (let query = 0; query < length; query++, cell += length) {
      for (let key = query; key >= 0; key--) {
        if (!shared && texts[row * length + key] !== texts[row * length + query]) break;
        mask[cell + key] = 0;
      }
    }
  }
  return tf.tensor4d(mask, [kinds, 1, length, length]);
}
