import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import type { Career } from "../../careers";
import { HIDDEN, type LanguageModel, type TokenBatch } from "../../networks";
import { type CareerWindow, careerWindows, type TemplateOptions } from "../../text";

/** What reads the careers. */
export interface CareerReader extends LanguageModel {
  template: TemplateOptions;
}

/** What of a reading stands for the career so far. */
export interface Reading {
  /** 1 … L: after so many layers. */
  layer: number;
  /** The activations at the colon before the title, or their mean over all tokens up to it. */
  pooling: "last" | "mean";
}

/** Careers, or windows of them, read side by side. */
const CAREERS_PER_BATCH = 8;

/**
 * Reads each career once and gives, for each person-year, the model's activations just before the title: a causal
 * model's do not depend on the title or on anything after it. Of a career longer than the context the later years are
 * read with as much of the history as fits (`careerWindows`).
 * @returns for each reading (N, D), in the order of the careers and of their years
 */
export async function embedCareers(
  reader: CareerReader,
  careers: readonly Career[],
  readings: readonly Reading[],
  onProgress?: (done: number, total: number) => void,
): Promise<Float32Array[]> {
  const { decoder, tokenizer, template } = reader;
  const { width, contextLength } = decoder.config;
  const firstRow: number[] = [];
  let rows = 0;
  for (const { observations } of careers) {
    firstRow.push(rows);
    rows += observations.length;
  }
  const embeddings = readings.map(() => new Float32Array(rows * width)); // (N, D) each
  const windows = careers.flatMap((career, i) =>
    careerWindows(career, tokenizer, template, contextLength).map((window) => ({ ...window, i })),
  );
  // Careers of like length side by side leave little of a batch unused.
  const order = windows.map((_, n) => n);
  order.sort((a, b) => windows[a].encoded.ids.length - windows[b].encoded.ids.length || a - b);
  let done = 0;
  for (let start = 0; start < order.length; start += CAREERS_PER_BATCH) {
    const members = order.slice(start, start + CAREERS_PER_BATCH).map((n) => windows[n]);
    const colons = members.map(freshColons);
    readBatch(reader, members, colons, readings, (reading, values) => {
      let from = 0;
      members.forEach(({ i, fresh }, m) => {
        const count = colons[m].length * width;
        embeddings[reading].set(values.subarray(from, from + count), (firstRow[i] + fresh) * width);
        from += count;
      });
    });
    done += colons.flat().length;
    onProgress?.(done, rows);
    await setImmediate();
  }
  return embeddings;
}

/** Where in a window's text the colons of its fresh observations stand. */
const freshColons = ({ encoded, from, fresh }: CareerWindow) =>
  encoded.titles.slice(fresh - from).map(({ start }) => start - 1);

/** @param visit gets the values of each reading, (Q, D), for all colons of the first member, then the second's … */
function readBatch(
  { decoder }: CareerReader,
  members: readonly CareerWindow[],
  colons: readonly (readonly number[])[],
  readings: readonly Reading[],
  visit: (reading: number, values: Float32Array) => void,
): void {
  tf.tidy(() => {
    const T = Math.max(...members.map(({ encoded }) => encoded.ids.length));
    const at = tf.tensor1d(
      colons.flatMap((own, row) => own.map((colon) => row * T + colon)),
      "int32",
    ); // (Q)
    const width = decoder.config.width;
    decoder.run(rowPerCareer(members, T), undefined, (layer, hidden) => {
      readings.forEach((reading, r) => {
        if (reading.layer !== layer + 1) return;
        const read = reading.pooling === "last" ? hidden : runningMean(hidden.reshape([-1, T, width]));
        visit(r, tf.gather(read.reshape([-1, width]), at).dataSync() as Float32Array);
      });
    });
  });
}

/** @param hidden (B, T, D) @returns (B, T, D): at each position, the mean of it and those before */
function runningMean(hidden: tf.Tensor3D): tf.Tensor3D {
  const T = hidden.shape[1];
  const counts = tf.range(1, T + 1).reshape([1, T, 1]);
  return tf.cumsum(hidden, 1).div(counts);
}

/** What is behind a text's end is not looked at by what is in it. */
function rowPerCareer(members: readonly CareerWindow[], T: number): TokenBatch {
  const rows = members.length;
  const ids = new Int32Array(rows * T);
  members.forEach(({ encoded }, row) => {
    ids.set(encoded.ids, row * T);
  });
  const mask = new Float32Array(T * T);
  for (let t = 0; t < T; t++) mask.fill(HIDDEN, t * T + t + 1, (t + 1) * T);
  return {
    ids: tf.tensor1d(ids, "int32"), // (B·T)
    positions: tf.tensor1d(
      ids.map((_, cell) => cell % T),
      "int32",
    ), // (B·T)
    mask: tf.tensor4d(mask, [1, 1, T, T]),
    rows,
  };
}
