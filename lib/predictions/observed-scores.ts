import type { PersonYearRows } from "./person-year-rows";
import type { TitleDistribution } from "./title-distribution";

/**
 * What a model says of the observed titles only: all that perplexity and differences of log-loss need. A model may give it at
 * less cost than the full distribution (`OccupationModel.score`), and every distribution can be reduced to it.
 */
export interface ObservedScores extends PersonYearRows {
  /** (N): ln of the probability of the title that happened. A model's own are of single precision, as in a distribution. */
  readonly observedLogProbability: Float64Array;
}

/** What a distribution says of the observed titles. */
export function observedScores(distribution: TitleDistribution): ObservedScores {
  const { titles, logProbability, observed, person, year, previous, weight } = distribution;
  const J = titles.size;
  return {
    ...{ titles, observed, person, year, previous },
    ...(weight === undefined ? {} : { weight }),
    observedLogProbability: Float64Array.from(observed, (title, n) => logProbability[n * J + title]), // (N)
  };
}
