import * as tf from "@tensorflow/tfjs";
import { type Decoder, HIDDEN, type KeyValues } from "../../../networks";
import type { EncodedCareer } from "../../../text";

/** Beginnings that several texts share, read once. */
export interface SharedPrefix {
  /** P, tokens of each, the begin mark first. */
  length: number;
  /** Keys and values by layer, one row a beginning. */
  present: readonly KeyValues[];
}

/** A career, and the row of the beginning that it shares with others; 0 by default. */
export interface BegunCareer extends EncodedCareer {
  beginning?: number;
}

/** Careers read side by side, one a row. */
export interface CareerPass {
  /** (B·T, D): activations of the tokens after the shared prefix, row after row. */
  hidden: tf.Tensor2D;
  /** Keys and values by layer, of P + T tokens a row. */
  present: KeyValues[];
  /** P, tokens of the shared prefix. */
  shared: number;
  /** T, tokens that the pass read in each row. */
  length: number;
}

/** Reads beginnings that several texts share, each as far as the shortest goes; the caller disposes them. */
export function readPrefix(decoder: Decoder, beginnings: readonly Int32Array[]): SharedPrefix {
  const length = Math.min(...beginnings.map((ids) => ids.length));
  const present = tf.tidy(() => {
    const { hidden, present } = decoder.run(causalBatch(beginnings, 0, length));
    hidden.dispose();
    return present;
  });
  return { length, present };
}

export function disposePrefix({ present }: SharedPrefix): void {
  tf.dispose(present as KeyValues[]);
}

/** Tokens of a career that must be read: nothing is asked after the last title's end. */
export function tokensToRead({ titles }: EncodedCareer): number {
  return titles[titles.length - 1].end - 1;
}

/**
 * One causal pass over some careers, as far as their last titles.
 * @param careers whose tokens begin with those of their beginning, where there is one
 */
export function readCareers(
  decoder: Decoder,
  careers: readonly BegunCareer[],
  prefix?: SharedPrefix,
): CareerPass {
  const shared = prefix?.length ?? 0;
  const length = Math.max(...careers.map(tokensToRead)) - shared;
  const texts = careers.map((career) => career.ids.subarray(shared, shared + length));
  const batch = causalBatch(texts, shared, length);
  const beginnings = careers.map(({ beginning = 0 }) => beginning);
  const past = prefix && gatherRows(prefix.present, beginnings);
  return { ...decoder.run(batch, past), shared, length };
}

/** Rows, which may repeat, of kept keys and values, cut after so many tokens where told. */
export function gatherRows(
  present: readonly KeyValues[],
  rows: ArrayLike<number>,
  length?: number,
): KeyValues[] {
  return tf.tidy(() => {
    const indices = tf.tensor1d(Int32Array.from(rows), "int32");
    /** All that is kept has rows on its third axis and tokens on its fourth. */
    const take = (x: tf.Tensor5D): tf.Tensor5D => {
      const cut = length === undefined ? x : tf.slice(x, [0, 0, 0, 0, 0], [-1, -1, -1, length, -1]);
      return tf.gather(cut, indices, 2); // (1, K, R, S, h)
    };
    const positions = take(present[0].positions); // (1, 1, R, S, 1), of every layer
    return present.map(({ keys, values }) => ({ keys: take(keys), values: take(values), positions }));
  });
}

/** Texts that go on after P shared tokens, one a row, filled to one length. */
function causalBatch(texts: readonly Int32Array[], shared: number, length: number) {
  const rows = texts.length;
  const ids = new Int32Array(rows * length);
  for (const [row, text] of texts.entries()) ids.set(text.subarray(0, length), row * length);
  const positions = Int32Array.from(ids, (_, cell) => shared + (cell % length));
  // What fills a row stands last: nothing that counts sees it, so one mask serves all rows.
  const S = shared + length;
  const mask = new Float32Array(length * S).fill(HIDDEN);
  for (let query = 0; query < length; query++) mask.fill(0, query * S, query * S + shared + query + 1);
  return {
    ids: tf.tensor1d(ids, "int32"), // (B·T)
    positions: tf.tensor1d(positions, "int32"), // (B·T)
    mask: tf.tensor4d(mask, [1, 1, length, S]),
    rows,
  };
}
