import type { Career } from "../careers";
import type { TitleSet } from "../occupations";
import { type PersonYearRows, personYearRows } from "./person-year-rows";

/**
 * A model's probabilities for N person-years over J titles. A measure of the full distribution reads one of these; one of the
 * observed titles only reads what it is reduced to by `observedScores`.
 */
export interface TitleDistribution extends PersonYearRows {
  /** (N, J) row-major natural logarithms; of a language model they need not sum to one over the titles. */
  readonly logProbability: Float32Array;
  /** (N): the probability of all valid titles together; 1 for a normalised model. */
  readonly validMass: Float32Array;
  /**
   * (N): for any set of titles, the most by which the sum of their probabilities can be off, where a model left
   * unlikely titles unread; the title that happened is exact. Absent where all are.
   */
  readonly neglectedMass?: Float32Array;
}

/** The rows of a distribution, before any model has filled in the probabilities (zero log-probability, mass 1). */
export function emptyDistribution(careers: readonly Career[], titles: TitleSet): TitleDistribution {
  const rows = personYearRows(careers, titles);
  const N = rows.observed.length;
  return {
    ...rows,
    logProbability: new Float32Array(N * titles.size), // (N, J)
    validMass: new Float32Array(N).fill(1), // (N)
  };
}
