import * as tf from "@tensorflow/tfjs";
import type { SequenceBlock } from "../../operations/causal-attention";
import type { EncodedCareer } from "./vocabulary";

/** Careers side by side in cells, N of them, as a network reads them. */
export interface JobBatch {
  /**
   * "persons": block below block, in a block person after person, each block as long as its longest career.
   * "years": one block, year after year, in a year person after person.
   */
  readonly layout: "persons" | "years";
  readonly blocks: readonly SequenceBlock[];
  /** (N) int32 row of the previous title in an embedding: 0 for none, j + 1 for title j. */
  readonly jobs: tf.Tensor1D;
  /** (N) place of the person-year in its career, 0 for the first. */
  readonly positions: Int32Array;
  /** (N) int32 level of each covariate. */
  readonly levels: readonly tf.Tensor1D[];
  /** (M) int32 cells that are person-years, career after career; the rest fills blocks up. */
  readonly at: tf.Tensor1D;
  /** (M) int32 previous title in these cells, -1 for none. */
  readonly previous: tf.Tensor1D;
  /** (M) int32 title in these cells. */
  readonly targets: tf.Tensor1D;
  /** (M) how much each of these cells counts; absent where all count 1. */
  readonly weights?: tf.Tensor1D;
}

/**
 * Lays careers out; the caller disposes the tensors. The person-years of `at` come in the order of the careers.
 * @param covariates C, how many levels a person-year has
 */
export function jobBatch(
  careers: readonly EncodedCareer[],
  covariates: number,
  layout: JobBatch["layout"],
): JobBatch {
  const blocks = layout === "persons" ? blocksOf(careers) : [careers.map((_, i) => i)];
  const shapes = blocks.map((members) => ({
    rows: members.length,
    length: Math.max(...members.map((i) => careers[i].titles.length)),
  }));
  const cells = shapes.reduce((n, { rows, length }) => n + rows * length, 0);
  const jobs = new Int32Array(cells);
  const positions = new Int32Array(cells);
  const levels = Array.from({ length: covariates }, () => new Int32Array(cells));
  const cellsOf: Int32Array[] = [];
  let start = 0;
  blocks.forEach((members, b) => {
    const { rows, length } = shapes[b];
    members.forEach((i, row) => {
      const { titles, previous, levels: known } = careers[i];
      const T = titles.length;
      cellsOf[i] = new Int32Array(T);
      for (let t = 0; t < T; t++) {
        const cell = start + (layout === "persons" ? row * length + t : t * rows + row);
        cellsOf[i][t] = cell;
        jobs[cell] = previous[t] + 1;
        positions[cell] = t;
        for (let c = 0; c < covariates; c++) levels[c][cell] = known[c * T + t];
      }
    });
    start += rows * length;
  });
  const joined = (part: (career: EncodedCareer, i: number) => Int32Array) =>
    tf.tensor1d(concatenate(careers.map(part)), "int32"); // (M)
  return {
    layout,
    blocks: shapes,
    jobs: tf.tensor1d(jobs, "int32"),
    positions,
    levels: levels.map((values) => tf.tensor1d(values, "int32")),
    at: joined((_, i) => cellsOf[i]),
    previous: joined((career) => career.previous),
    targets: joined((career) => career.titles),
    ...(careers.some(({ weight }) => weight !== undefined) ? { weights: weightsOf(careers) } : {}),
  };
}

function weightsOf(careers: readonly EncodedCareer[]): tf.Tensor1D {
  return tf.tensor1d(careers.flatMap(({ titles, weight = 1 }) => Array.from(titles, () => weight)));
}

/** Person-years that a block holds, about: fewer cost calls, more cost unused cells. */
const CELLS_PER_BLOCK = 400;

/** Careers of like length come together, which leaves few cells unused. */
function blocksOf(careers: readonly EncodedCareer[]): number[][] {
  const length = (i: number) => careers[i].titles.length;
  const order = careers.map((_, i) => i).sort((a, b) => length(b) - length(a) || a - b);
  const blocks: number[][] = [];
  let room = 0;
  for (const i of order) {
    const last = blocks.at(-1);
    // A block of one length may grow: it has no unused cells.
    if (last === undefined || (room < length(i) && length(i) < length(last[0]))) {
      blocks.push([i]);
      room = CELLS_PER_BLOCK - length(i);
    } else {
      last.push(i);
      room -= length(i);
    }
  }
  return blocks;
}

function concatenate(arrays: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(arrays.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole;
}
