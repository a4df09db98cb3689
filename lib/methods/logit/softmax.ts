import { addPatternGradient, type Design, type DesignBlock, patternTable } from "./design";
import type { Objective } from "./minimise";

/** A multinomial logit: P(j | row) is proportional to exp(offset_j + x w_j), and for the same class as before exp(… + s). */
export interface SoftmaxRows {
  readonly design: Design;
  /** J. */
  readonly classes: number;
  /** (J): the logits of a row without features. */
  readonly offset: Float64Array;
  /** (N): a class that cannot happen in the row, or -1. */
  readonly excluded?: Int32Array;
  /** (N): the class that is the same as before, whose logit has a constant of its own, or -1. */
  readonly same?: Int32Array;
}

/** Number of weights of K features: K J, and the constant of the same class last, where there is one. */
export function weightCount({ design, classes, same }: SoftmaxRows): number {
  return design.features * classes + (same === undefined ? 0 : 1);
}

/** What happened in each row, (N). */
export interface SoftmaxProblem extends SoftmaxRows {
  readonly target: Int32Array;
}

/**
 * Prepares a walk over the rows of a multinomial logit.
 * @returns a function of weights (K, J), the constant of the same class after them, that shows each row's logits (J), to be read or overwritten at once: memory
 * grows with the patterns, not with the rows
 */
function rowLogits(
  rows: SoftmaxRows,
): (weights: Float64Array, visit: (n: number, logits: Float64Array) => void) => void {
  const { design, classes: J, offset, excluded, same } = rows;
  const parts = new RowParts(design.blocks, J);
  const logits = new Float64Array(J);
  return (weights, visit) => {
    design.blocks.forEach((block, b) => {
      patternTable(block, weights, J, parts.tables[b]);
    });
    for (let n = 0; n < design.rows; n++) {
      logits.set(offset);
      parts.addTo(logits, n);
      if (same !== undefined && same[n] >= 0) logits[same[n]] += weights[weights.length - 1];
      if (excluded !== undefined && excluded[n] >= 0) logits[excluded[n]] = -Infinity;
      visit(n, logits);
    }
  };
}

/** The parts that a row's logits are sums of, one a block; four at a time, for one pass over the row. */
class RowParts {
  readonly tables: readonly Float64Array[]; // (M, J) each

  constructor(
    private readonly blocks: readonly DesignBlock[],
    private readonly J: number,
  ) {
    this.tables = blocks.map(({ starts }) => new Float64Array((starts.length - 1) * J));
  }

  /** row += the parts of row n. */
  addTo(row: Float64Array, n: number): void {
    const { blocks, tables, J } = this;
    let b = 0;
    for (; b + 4 <= blocks.length; b += 4) {
      const [t0, t1, t2, t3] = [tables[b], tables[b + 1], tables[b + 2], tables[b + 3]];
      const [f0, f1] = [blocks[b].pattern[n] * J, blocks[b + 1].pattern[n] * J];
      const [f2, f3] = [blocks[b + 2].pattern[n] * J, blocks[b + 3].pattern[n] * J];
      for (let j = 0; j < J; j++) row[j] += t0[f0 + j] + t1[f1 + j] + t2[f2 + j] + t3[f3 + j];
    }
    for (; b < blocks.length; b++) {
      const [table, from] = [tables[b], blocks[b].pattern[n] * J];
      for (let j = 0; j < J; j++) row[j] += table[from + j];
    }
  }

  /** The parts of row n += row. */
  addFrom(row: Float64Array, n: number): void {
    const { blocks, tables, J } = this;
    let b = 0;
    for (; b + 4 <= blocks.length; b += 4) {
      const [t0, t1, t2, t3] = [tables[b], tables[b + 1], tables[b + 2], tables[b + 3]];
      const [f0, f1] = [blocks[b].pattern[n] * J, blocks[b + 1].pattern[n] * J];
      const [f2, f3] = [blocks[b + 2].pattern[n] * J, blocks[b + 3].pattern[n] * J];
      for (let j = 0; j < J; j++) {
        const part = row[j];
        t0[f0 + j] += part;
        t1[f1 + j] += part;
        t2[f2 + j] += part;
        t3[f3 + j] += part;
      }
    }
    for (; b < blocks.length; b++) {
      const [table, from] = [tables[b], blocks[b].pattern[n] * J];
      for (let j = 0; j < J; j++) table[from + j] += row[j];
    }
  }
}

/** Overwrites logits by probabilities; gives the logarithm of what they were proportional to. */
function softmaxInPlace(logits: Float64Array): number {
  let top = -Infinity;
  for (let j = 0; j < logits.length; j++) if (logits[j] > top) top = logits[j];
  let sum = 0;
  for (let j = 0; j < logits.length; j++) {
    logits[j] = Math.exp(logits[j] - top);
    sum += logits[j];
  }
  const scale = 1 / sum;
  for (let j = 0; j < logits.length; j++) logits[j] *= scale;
  return top + Math.log(sum);
}

/** The sum over rows of -ln P(what happened), as a function of the weights (`weightCount`). */
export function softmaxObjective(problem: SoftmaxProblem): Objective {
  const { design, classes: J, target, same } = problem;
  const walk = rowLogits(problem);
  const residuals = new RowParts(design.blocks, J);
  return (weights, gradient) => {
    for (const table of residuals.tables) table.fill(0);
    let loss = 0;
    let slope = 0;
    walk(weights, (n, row) => {
      const happened = row[target[n]];
      loss += softmaxInPlace(row) - happened;
      row[target[n]] -= 1;
      if (same !== undefined && same[n] >= 0) slope += row[same[n]];
      residuals.addFrom(row, n);
    });
    gradient.fill(0);
    design.blocks.forEach((block, b) => {
      addPatternGradient(block, residuals.tables[b], J, gradient);
    });
    if (same !== undefined) gradient[gradient.length - 1] = slope;
    return loss;
  };
}

/** Shows each row's log-probabilities (J), to be copied at once; -Infinity for the excluded class. */
export function eachLogProbability(
  rows: SoftmaxRows,
  weights: Float64Array,
  visit: (n: number, logProbability: Float64Array) => void,
): void {
  const probability = new Float64Array(rows.classes);
  rowLogits(rows)(weights, (n, row) => {
    probability.set(row);
    const logSum = softmaxInPlace(probability);
    for (let j = 0; j < row.length; j++) row[j] -= logSum;
    visit(n, row);
  });
}
