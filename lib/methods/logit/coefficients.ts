import { UserError } from "../../errors";
import type { LogitFeature } from "./features";
import type { SoftmaxProblem } from "./softmax";
import { clusterRobustErrors } from "./standard-errors";

export interface CoefficientOptions {
  /** The class that the others are compared with. Default: the most frequent. */
  reference?: string;
  /** Standard errors, robust to any dependence within a person; of a fit with ridge 0 only. Default false. */
  standardErrors?: boolean;
}

/** A coefficient of a multinomial logit; flat, so that it is a row of a table. */
export interface Coefficient {
  /** The title, or another class, whose odds against the reference the coefficient moves. */
  title: string;
  reference: string;
  term: LogitFeature["term"];
  /** Of an effect; absent for linear terms. */
  level?: string;
  /** Change of the log-odds per unit. */
  estimate: number;
  standardError?: number;
}

/** A fitted logit, its linear features in their own units. */
export interface FittedSoftmax {
  /** (K, J) */
  weights: Float64Array;
  features: readonly LogitFeature[];
  classes: readonly string[];
  /** (J): the logits of a row without features. */
  offset: Float64Array;
  /** (J): how often each class happened. */
  counts: Float64Array;
  ridge: number;
  /** What it was fitted on; absent of a fit that was read from a file. */
  training?: () => TrainingRows;
}

/** Rows that a logit was fitted on, its linear features in their own units. */
export interface TrainingRows {
  problem: SoftmaxProblem;
  /** (N) */
  person: Int32Array;
}

/**
 * Coefficients by class, then by feature.
 * @throws UserError if the reference is no class, or standard errors are asked of a penalised fit or are not identified
 */
export function coefficientTable(fit: FittedSoftmax, options: CoefficientOptions): Coefficient[] {
  const { classes, weights, features, counts, offset, training } = fit;
  const J = classes.length;
  const { reference = classes[counts.indexOf(Math.max(...counts))], standardErrors = false } = options;
  const base = classes.indexOf(reference);
  if (base < 0)
    throw new UserError(`the reference "${reference}" is no title of the model`, "Check its spelling.");
  if (standardErrors && fit.ridge > 0) {
    throw new UserError(
      `the model was fitted with a ridge of ${fit.ridge}, whose coefficients have no standard errors`,
      "Fit with ridge 0.",
    );
  }
  if (standardErrors && training === undefined) {
    throw new UserError(
      "standard errors take the training careers, which a saved model lacks",
      "Fit it again.",
    );
  }
  const errors = standardErrors ? clusterRobustErrors(fit, training!(), base) : undefined; // (K, J)
  return classes.flatMap((title, j) => {
    if (j === base) return [];
    return features.map(({ term, level }, k): Coefficient => {
      const shift = k === 0 ? offset[j] - offset[base] : 0;
      const estimate = weights[k * J + j] - weights[k * J + base] + shift;
      return { title, reference, term, level, estimate, standardError: errors?.[k * J + j] };
    });
  });
}
