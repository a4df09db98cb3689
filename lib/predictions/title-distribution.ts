import type { Career } from "../careers";
import type { TitleSet } from "../occupations";

/**
 * A model's probabilities for N person-years over J titles: one row per person-year, in the order of the
 * careers and of their years. Every measure reads one of these.
 */
export interface TitleDistribution {
  readonly titles: TitleSet;
  /** (N, J) row-major natural logarithms; of a language model they need not sum to one over the titles. */
  readonly logProbability: Float32Array;
  /** (N): the probability of all valid titles together; 1 for a normalised model, NaN where it was not asked for. */
  readonly validMass: Float32Array;
  /**
   * (N): for any set of titles, the most by which the sum of their probabilities can be off, where a model left
   * unlikely titles unread; the title that happened is exact. Absent where all are.
   */
  readonly neglectedMass?: Float32Array;
  /** (N): index of the title that happened. */
  readonly observed: Int32Array;
  /** (N): index into the careers that were predicted. */
  readonly person: Int32Array;
  /** (N): calendar year. */
  readonly year: Int32Array;
  /** (N): index of the title of the person's observation before this one; -1 for the first. */
  readonly previous: Int32Array;
  /** (N): survey weight; NaN where the observation has none. Absent where no observation has one. */
  readonly weight?: Float64Array;
}

/** The rows of a distribution, before any model has filled in the probabilities (zero log-probability, mass 1). */
export function emptyDistribution(careers: readonly Career[], titles: TitleSet): TitleDistribution {
  const rows = careers.reduce((n, career) => n + career.observations.length, 0);
  const weighted = careers.some(({ observations }) =>
    observations.some(({ weight }) => weight !== undefined),
  );
  const distribution: TitleDistribution = {
    titles,
    logProbability: new Float32Array(rows * titles.size), // (N, J)
    validMass: new Float32Array(rows).fill(1), // (N)
    observed: new Int32Array(rows), // (N)
    person: new Int32Array(rows), // (N)
    year: new Int32Array(rows), // (N)
    previous: new Int32Array(rows), // (N)
    ...(weighted ? { weight: new Float64Array(rows) } : {}), // (N)
  };
  let n = 0;
  careers.forEach((career, i) => {
    let previous = -1;
    for (const { year, title, weight } of career.observations) {
      if (distribution.weight !== undefined) distribution.weight[n] = weight ?? NaN;
      distribution.observed[n] = titles.indexOf(title);
      distribution.person[n] = i;
      distribution.year[n] = year;
      distribution.previous[n] = previous;
      previous = distribution.observed[n++];
    }
  });
  return distribution;
}

/** Takes a model's answers for a person-year over to another distribution of the same titles. */
export function copyAnswers(from: TitleDistribution, row: number, to: TitleDistribution, n: number): void {
  const J = to.titles.size;
  to.logProbability.set(from.logProbability.subarray(row * J, (row + 1) * J), n * J);
  to.validMass[n] = from.validMass[row];
  if (to.neglectedMass !== undefined) to.neglectedMass[n] = from.neglectedMass![row];
}

/** Room for the answers to some careers, of as many fields as a model's own answers have. */
export function roomFor(careers: readonly Career[], like: TitleDistribution): TitleDistribution {
  const room = emptyDistribution(careers, like.titles);
  if (like.neglectedMass === undefined) return room;
  return { ...room, neglectedMass: new Float32Array(room.observed.length) }; // (N)
}
