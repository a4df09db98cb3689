import * as tf from "@tensorflow/tfjs";
import { product } from "../../operations";
import type { Objective } from "./minimise";

/** Rows that the engine reads at a time: what it holds besides the features does not grow with N. */
const ROWS_PER_BLOCK = 8192;

/** Dense features, (N, D), and the column of ones that goes with them: K = D + 1, the ones last. */
export interface DenseRows {
  values: Float32Array;
  /** D. */
  width: number;
}

/**
 * The multinomial logit of dense features, computed by the engine: the sum over rows of -ln P(what happened), as a
 * function of the weights (D + 1, J). Holds the features on the engine until disposed.
 */
export class DenseSoftmax {
  private readonly blocks: tf.Tensor2D[];
  /** (K, J): sum over rows of the features of those in which the class happened. */
  private readonly happened: Float64Array;
  private readonly offset: tf.Tensor1D;
  private readonly offsetLoss: number;

  /**
   * @param target (N)
   * @param offset (J)
   */
  constructor(
    private readonly rows: DenseRows,
    target: Int32Array,
    offset: Float64Array,
  ) {
    const { values, width } = rows;
    const J = offset.length;
    this.happened = new Float64Array((width + 1) * J);
    target.forEach((title, n) => {
      for (let d = 0; d < width; d++) this.happened[d * J + title] += values[n * width + d];
      this.happened[width * J + title]++;
    });
    this.offsetLoss = target.reduce((sum, title) => sum + offset[title], 0);
    this.offset = tf.tensor1d(Float32Array.from(offset));
    this.blocks = denseBlocks(rows);
  }

  readonly objective: Objective = (weights, gradient) => {
    const { width } = this.rows;
    const J = this.offset.size;
    let loss = -this.offsetLoss;
    for (let i = 0; i < weights.length; i++) loss -= weights[i] * this.happened[i];
    gradient.set(this.happened.map((sum) => -sum));
    tf.tidy(() => {
      const w = tf.tensor2d(Float32Array.from(weights), [width + 1, J]);
      for (const block of this.blocks) {
        tf.tidy(() => {
          const logits = product(block, w).add<tf.Tensor2D>(this.offset); // (R, J)
          const logSum = tf.logSumExp(logits, 1, true); // (R, 1)
          for (const value of logSum.dataSync()) loss += value;
          const probability = logits.sub<tf.Tensor2D>(logSum).exp(); // (R, J)
          const expected = product(block, probability, { transposeA: true }).dataSync(); // (K, J)
          for (let i = 0; i < expected.length; i++) gradient[i] += expected[i];
        });
      }
    });
    return loss;
  };

  dispose(): void {
    this.offset.dispose();
    for (const block of this.blocks) block.dispose();
  }
}

/**
 * Log-probabilities of the classes, (N, J).
 * @param weights (D + 1, J)
 */
export function denseLogProbabilities(
  rows: DenseRows,
  weights: Float64Array,
  offset: Float64Array,
): Float32Array {
  const J = offset.length;
  const result = new Float32Array((rows.values.length / rows.width) * J);
  tf.tidy(() => {
    const w = tf.tensor2d(Float32Array.from(weights), [rows.width + 1, J]);
    const base = tf.tensor1d(Float32Array.from(offset));
    let at = 0;
    for (const block of denseBlocks(rows)) {
      const values = tf.tidy(() => {
        const logits = product(block, w).add<tf.Tensor2D>(base); // (R, J)
        return logits.sub(tf.logSumExp(logits, 1, true));
      });
      result.set(values.dataSync(), at);
      at += values.size;
      tf.dispose([block, values]);
    }
  });
  return result;
}

/** (R, D + 1) each. */
function denseBlocks({ values, width }: DenseRows): tf.Tensor2D[] {
  const rows = values.length / width;
  const blocks: tf.Tensor2D[] = [];
  for (let from = 0; from < rows; from += ROWS_PER_BLOCK) {
    const count = Math.min(ROWS_PER_BLOCK, rows - from);
    const block = new Float32Array(count * (width + 1)).fill(1);
    for (let n = 0; n < count; n++) {
      block.set(values.subarray((from + n) * width, (from + n + 1) * width), n * (width + 1));
    }
    blocks.push(tf.tensor2d(block, [count, width + 1]));
  }
  return blocks;
}
