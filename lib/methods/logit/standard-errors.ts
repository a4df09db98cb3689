import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { UserError } from "../../errors";
import type { FittedSoftmax, TrainingRows } from "./coefficients";
import type { Design } from "./design";
import { eachLogProbability } from "./softmax";

/** The covariance is a dense matrix: of so many coefficients at most. */
const MOST_COEFFICIENTS = 3000;

/**
 * Standard errors that allow any dependence within a person: the square roots of the diagonal of
 * G / (G - 1) H⁻¹ (sum over the G persons of s sᵀ) H⁻¹, H the Hessian and s a person's score (Liang and Zeger 1986).
 * @param base class whose weights are taken as zero
 * @returns (K, J); zeros for the base
 * @throws UserError where there are too many coefficients, or they are not identified
 */
export function clusterRobustErrors(fit: FittedSoftmax, rows: TrainingRows, base: number): Float64Array {
  const { weights, features } = fit;
  const { problem, person } = rows;
  const { design, classes: J, target } = problem;
  const K = features.length;
  const size = K * (J - 1);
  if (size > MOST_COEFFICIENTS) {
    throw new UserError(
      `standard errors of ${size} coefficients are asked for, more than ${MOST_COEFFICIENTS}`,
      "Use fewer terms, or merge titles.",
    );
  }
  checkOverlap(fit, rows);
  const others = Array.from({ length: J }, (_, j) => j).filter((j) => j !== base);
  const hessian = Matrix.zeros(size, size);
  const scores = new Map<number, Float64Array>();
  const p = new Float64Array(J - 1);
  eachLogProbability(problem, weights, (n, logProbability) => {
    others.forEach((j, i) => {
      p[i] = Math.exp(logProbability[j]);
    });
    const entries = entriesOf(design, n);
    addCurvature(hessian, entries, p);
    let score = scores.get(person[n]);
    if (score === undefined) {
      score = new Float64Array(size);
      scores.set(person[n], score);
    }
    for (const [k, x] of entries) {
      others.forEach((j, i) => {
        score[k * (J - 1) + i] += x * ((target[n] === j ? 1 : 0) - p[i]);
      });
    }
  });
  const inverse = invert(hessian);
  const persons = scores.size;
  const squares = new Float64Array(size);
  for (const score of scores.values()) {
    const moved = inverse.mmul(Matrix.columnVector(score)).to1DArray(); // H⁻¹ s
    for (let i = 0; i < size; i++) squares[i] += moved[i] ** 2;
  }
  const errors = new Float64Array(K * J);
  for (let k = 0; k < K; k++) {
    others.forEach((j, i) => {
      errors[k * J + j] = Math.sqrt((persons / (persons - 1)) * squares[k * (J - 1) + i]);
    });
  }
  return errors;
}

/** @throws UserError where a level never goes with some class: the likelihood rises for ever along its coefficient */
function checkOverlap(
  { features, classes }: FittedSoftmax,
  { problem: { design, target, classes: J } }: TrainingRows,
): void {
  const together = new Uint8Array(features.length * J); // (K, J)
  for (let n = 0; n < target.length; n++) {
    for (const [k] of entriesOf(design, n)) together[k * J + target[n]] = 1;
  }
  const at = together.findIndex((seen, i) => seen === 0 && features[Math.floor(i / J)].level !== undefined);
  if (at < 0) return;
  const { term, level } = features[Math.floor(at / J)];
  throw new UserError(
    `no person-year with ${term} "${level}" has "${classes[at % J]}": its coefficient has no bound`,
    "Leave the term out, or merge levels or titles.",
  );
}

/** hessian += (x xᵀ) ⊗ (diag(p) - p pᵀ) for one row x. */
function addCurvature(hessian: Matrix, entries: readonly [number, number][], p: Float64Array): void {
  const width = p.length;
  for (const [k, x] of entries) {
    for (const [l, z] of entries) {
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) {
          const curvature = (i === j ? p[i] : 0) - p[i] * p[j];
          const [row, column] = [k * width + i, l * width + j];
          hessian.set(row, column, hessian.get(row, column) + x * z * curvature);
        }
      }
    }
  }
}

/** Feature and value of a row's entries. */
function entriesOf({ blocks }: Design, n: number): [number, number][] {
  const entries: [number, number][] = [];
  for (const { pattern, starts, feature, value } of blocks) {
    for (let e = starts[pattern[n]]; e < starts[pattern[n] + 1]; e++) entries.push([feature[e], value[e]]);
  }
  return entries;
}

function invert(hessian: Matrix): Matrix {
  // Scaled to a unit diagonal, so that what is small is so for want of information and not by its unit.
  const scale = hessian.diagonal().map((value) => 1 / Math.sqrt(value));
  const scaled = Matrix.zeros(hessian.rows, hessian.columns);
  for (let i = 0; i < scale.length; i++) {
    for (let j = 0; j <= i; j++) {
      const value = hessian.get(i, j) * scale[i] * scale[j];
      scaled.set(i, j, value);
      scaled.set(j, i, value); // to the last digit, as the decomposition asks
    }
  }
  const cholesky = new CholeskyDecomposition(scaled);
  const pivots = cholesky.lowerTriangularMatrix.diagonal();
  if (!cholesky.isPositiveDefinite() || !pivots.every((pivot) => pivot > 1e-6)) {
    throw new UserError(
      "the coefficients are not identified: one term follows from the others",
      "Leave one of them out.",
    );
  }
  const inverse = cholesky.solve(Matrix.eye(scale.length));
  return inverse.apply((i, j) => {
    inverse.set(i, j, inverse.get(i, j) * scale[i] * scale[j]);
  });
}
