import type { Career } from "../careers";
import type { ObservedScores } from "./observed-scores";
import type { TitleDistribution } from "./title-distribution";

/** Where a long prediction has come to. */
export interface PredictOptions {
  /** Called now and then with the number of person-years done. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Answers for every person-year: given the career so far, the covariates, the current year and education, how
 * probable is each title? Every method of the papers is one of these.
 */
export interface OccupationModel {
  readonly name: string;
  /**
   * Careers that it reads side by side, where a prediction may take hours: asked for so many at a time, its answers
   * can be kept on the way. Absent where it is quick.
   */
  readonly careersAtOnce?: number;
  predict(careers: readonly Career[], options?: PredictOptions): Promise<TitleDistribution>;
  /** As `predict`, for each career's last observation alone: one row a career. Where that costs less than all. */
  predictLast?(careers: readonly Career[], options?: PredictOptions): Promise<TitleDistribution>;
  /** What it says of the observed titles only, where that costs less than the full distribution; of any model: `scoreObserved`. */
  score?(careers: readonly Career[], options?: PredictOptions): Promise<ObservedScores>;
  /** Frees what it holds on the engine; it answers no more. Absent where that is little. */
  dispose?(): void;
}
