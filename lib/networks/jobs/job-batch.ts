import * as tf from "@tensorflow/tfjs";
import type { SequenceBlock } from "../../operations";
import type { BlockPlan } from "../training";
import { type EncodedCareer, predictedYears } from "./vocabulary";

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
  /** (N) int32 place of the person-year in its career, 0 for the first. */
  readonly positions: tf.Tensor1D;
  /** (N) int32 level of each covariate. */
  readonly levels: readonly tf.Tensor1D[];
  /** (M) int32 cells that are person-years to be predicted, career after career; the rest is read, or fills blocks up. */
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
 * @param plan that the careers fit into, in its order. Default: blocks made for them
 */
export function jobBatch(
  careers: readonly EncodedCareer[],
  covariates: number,
  layout: JobBatch["layout"],
  plan?: Pick<BlockPlan<EncodedCareer>, "blocks" | "targets">,
): JobBatch {
  const blocks = plan === undefined ? ownBlocks(careers, layout) : inTurn(careers, plan.blocks);
  const shapes =
    plan?.blocks ??
    blocks.map((members) => ({ rows: members.length, length: careers[members[0]].titles.length }));
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
  const own = careers.reduce((n, career) => n + predictedYears(career), 0);
  const M = plan?.targets ?? own;
  const joined = (part: (career: EncodedCareer, i: number) => Int32Array, rest = 0) => {
    const whole = new Int32Array(M).fill(rest, own);
    let at = 0;
    careers.forEach((career, i) => {
      const values = part(career, i).subarray(career.given ?? 0);
      whole.set(values, at);
      at += values.length;
    });
    return tf.tensor1d(whole, "int32"); // (M)
  };
  const weighted = plan !== undefined || careers.some(({ weight }) => weight !== undefined);
  return {
    layout,
    blocks: shapes,
    jobs: tf.tensor1d(jobs, "int32"),
    positions: tf.tensor1d(positions, "int32"),
    levels: levels.map((values) => tf.tensor1d(values, "int32")),
    at: joined((_, i) => cellsOf[i]),
    previous: joined((career) => career.previous, -1),
    targets: joined((career) => career.titles),
    ...(weighted ? { weights: weightsOf(careers, M) } : {}),
  };
}

/** (M): zero beyond the careers' own person-years. */
function weightsOf(careers: readonly EncodedCareer[], M: number): tf.Tensor1D {
  const weights = new Float32Array(M);
  weights.set(careers.flatMap((career) => new Array(predictedYears(career)).fill(career.weight ?? 1)));
  return tf.tensor1d(weights);
}

/** The careers of each block, the longest first. */
function ownBlocks(careers: readonly EncodedCareer[], layout: JobBatch["layout"]): number[][] {
  const order = longestFirst(careers);
  return layout === "persons" ? blocksOf(careers, order) : [order];
}

function inTurn(careers: readonly EncodedCareer[], blocks: readonly SequenceBlock[]): number[][] {
  const order = careers.map((_, i) => i);
  return blocks.map(({ rows }) => order.splice(0, rows));
}

function longestFirst(careers: readonly EncodedCareer[]): number[] {
  const length = (i: number) => careers[i].titles.length;
  return careers.map((_, i) => i).sort((a, b) => length(b) - length(a) || a - b);
}

/** Person-years that a block holds, about: fewer cost calls, more cost unused cells. */
const CELLS_PER_BLOCK = 400;

/** Careers of like length come together, which leaves few cells unused. */
function blocksOf(careers: readonly EncodedCareer[], order: readonly number[]): number[][] {
  const length = (i: number) => careers[i].titles.length;
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
