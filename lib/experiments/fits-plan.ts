/** How often a method is fitted to see how its results vary. */
export interface FitsPlan {
  /** Resamples of the training persons, each with a seed of its own, 2 or more; absent where other persons would change nothing. */
  draws?: number;
  /** Seeds of the fit, the experiment's own among them, 2 or more; absent where nothing in the fit is random, or where the resamples tell. */
  seeds?: number;
  /** Of a fit that takes hours: other seeds and resamples are counted as far as they are available, none is made. */
  ifAvailable?: boolean;
  /** Whether what other seeds and resamples say of what happened is kept beside the results (`Experiment.saveScores`). */
  saved?: boolean;
}
