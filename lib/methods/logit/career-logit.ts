import { UserError } from "../../errors";
import type { TitleSet } from "../../occupations";
import {
  type Coefficient,
  type CoefficientOptions,
  coefficientTable,
  type TrainingRows,
} from "./coefficients";
import { selectRows, squaredFeatures } from "./design";
import { type CareerFeatures, careerFeatures, type LogitTerm, logitTerms } from "./features";
import type { PersonYearHistory } from "./history";
import { fitRidge, type RidgeOptions, type RidgeTrial } from "./ridge";
import {
  eachLogProbability,
  type SoftmaxProblem,
  type SoftmaxRows,
  softmaxObjective,
  weightCount,
} from "./softmax";

/** What is told apart, and in which person-years. */
export interface Outcome {
  /** J names. */
  classes: readonly string[];
  /** Index of the class that happened. */
  of: (row: PersonYearHistory) => number;
  /** A class that cannot happen, or -1; absent: all can. */
  excluded?: (row: PersonYearHistory) => number;
  /** The class that is the same as before, or -1: its logit has a constant of its own, all but without penalty. Absent: none has. */
  same?: (row: PersonYearHistory) => number;
  /** (J): the probabilities where nothing is known, to which the penalty draws; positive. */
  shares: Float64Array;
}

/** All that the predictions of a multinomial logit take. */
export interface FittedCareerLogit extends Pick<Outcome, "classes" | "excluded" | "same" | "shares"> {
  features: CareerFeatures;
  /** (K, J), of standardised features; then the constant of the same class, where there is one. */
  weights: Float64Array;
  /** (J): how often each class happened in training. */
  counts: Float64Array;
  ridge: number;
  /** The penalties that were tried, from the strongest on. */
  trials: readonly RidgeTrial[];
}

/** A fitted multinomial logit of an outcome of person-years. */
export interface CareerLogit {
  readonly ridge: number;
  /** The penalties that were tried, from the strongest on. */
  readonly trials: readonly RidgeTrial[];
  /** Coefficients that were fitted, K (J - 1) and the constant: those of one class follow from the others', ridge or not. */
  readonly parameters: number;
  /** Log-odds that the same class as before has beyond what its features give; absent where it has no constant. */
  readonly sameClass?: number;
  readonly fitted: FittedCareerLogit;
  /** Coefficients relative to a reference class, in the features' own units; with standard errors where asked. */
  coefficients(options?: CoefficientOptions): Coefficient[];
  /** Shows each row's log-probabilities (J), to be copied at once. */
  each(rows: readonly PersonYearHistory[], visit: (n: number, logProbability: Float64Array) => void): void;
}

/**
 * Fits a multinomial logit of an outcome by penalised maximum likelihood.
 * @throws UserError if the penalty or a term is out of range, or ridge is 0 and a class never happens
 */
export async function fitCareerLogit(
  { classes, of, excluded, same, shares }: Outcome,
  training: readonly PersonYearHistory[],
  validation: readonly PersonYearHistory[],
  { terms, titles, ...options }: RidgeOptions & { terms: readonly LogitTerm[]; titles: TitleSet },
): Promise<CareerLogit> {
  const J = classes.length;
  const likelihood = [options.ridge].flat().includes(0);
  const features = careerFeatures(terms, training, titles, { contrasts: likelihood });
  const problemOf = (rows: readonly PersonYearHistory[], raw = false): SoftmaxProblem => ({
    ...softmaxRows({ classes, excluded, same, shares, features }, rows, raw),
    target: Int32Array.from(rows, of),
  });
  const problem = inOrder(problemOf(training));
  const counts = new Float64Array(J);
  for (const target of problem.target) counts[target]++;
  if (likelihood) checkEachHappens(classes, counts);
  const squares = squaredFeatures(problem.design); // (K)
  const curvature = new Float64Array(weightCount(problem)); // (K, J), and the constant
  for (let at = 0; at < features.features.length * J; at++) {
    const share = (counts[at % J] + shares[at % J]) / (training.length + 1);
    curvature[at] = squares[Math.floor(at / J)] * share * (1 - share);
  }
  const free = same === undefined ? 0 : 1;
  if (same !== undefined) {
    const later = training.filter((row) => same(row) >= 0);
    const share = (later.filter((row) => same(row) === of(row)).length + 1) / (later.length + 2);
    curvature[curvature.length - 1] = later.length * share * (1 - share);
  }
  const held = validation.length === 0 ? undefined : problemOf(validation);
  const validate = held === undefined ? undefined : (weights: Float64Array) => meanLoss(held, weights);
  const { weights, ridge, trials } = await fitRidge(
    softmaxObjective(problem),
    curvature,
    validate,
    options,
    free,
  );
  const fitted = { classes, excluded, same, shares, features, weights, counts, ridge, trials };
  return careerLogit(fitted, () => ({
    problem: problemOf(training, true),
    person: Int32Array.from(training, ({ person }) => person),
  }));
}

/** The logit of fitted numbers. */
export function careerLogit(fitted: FittedCareerLogit, training?: () => TrainingRows): CareerLogit {
  const { classes, features, weights, same, shares, counts, ridge, trials } = fitted;
  const J = classes.length;
  return {
    ridge,
    trials,
    parameters: features.features.length * (J - 1) + (same === undefined ? 0 : 1),
    sameClass: same === undefined ? undefined : weights[weights.length - 1],
    fitted,
    each(rows, visit) {
      eachLogProbability(softmaxRows(fitted, rows), weights, visit);
    },
    coefficients(asked = {}) {
      return coefficientTable(
        {
          weights: features.rawWeights(weights, J),
          features: features.features,
          classes,
          offset: shares.map(Math.log),
          counts,
          ridge,
          training,
        },
        asked,
      );
    },
  };
}

function softmaxRows(
  {
    classes,
    excluded,
    same,
    shares,
    features,
  }: Omit<FittedCareerLogit, "weights" | "counts" | "ridge" | "trials">,
  rows: readonly PersonYearHistory[],
  raw = false,
): SoftmaxRows {
  return {
    design: features.encode(rows, { raw }),
    classes: classes.length,
    offset: shares.map(Math.log),
    excluded: excluded && Int32Array.from(rows, excluded),
    same: same && Int32Array.from(rows, same),
  };
}

/** Refuses terms that are not there. */
export function checkTerms(terms: readonly LogitTerm[]): void {
  const unknown = terms.find((term) => !logitTerms.includes(term));
  if (unknown !== undefined) {
    throw new UserError(`there is no term "${unknown}"`, `The terms are ${logitTerms.join(", ")}.`);
  }
}

function checkEachHappens(classes: readonly string[], counts: Float64Array): void {
  const never = classes.filter((_, j) => counts[j] === 0);
  if (never.length === 0) return;
  throw new UserError(
    `${never.length} of ${classes.length} titles never occur in training, "${never[0]}" for one: without a penalty their coefficients have no bound`,
    "Give a ridge above 0, or merge titles.",
  );
}

/** The rows in an order of their own contents: sums, and so weights, do not depend on the order of careers. */
function inOrder(problem: SoftmaxProblem): SoftmaxProblem {
  const { design, target, excluded, same } = problem;
  const order = Int32Array.from(target, (_, n) => n).sort((a, b) => {
    for (const { pattern } of design.blocks) if (pattern[a] !== pattern[b]) return pattern[a] - pattern[b];
    return target[a] - target[b];
  });
  return {
    ...problem,
    design: selectRows(design, order),
    target: Int32Array.from(order, (n) => target[n]),
    excluded: excluded && Int32Array.from(order, (n) => excluded[n]),
    same: same && Int32Array.from(order, (n) => same[n]),
  };
}

function meanLoss(problem: SoftmaxProblem, weights: Float64Array): number {
  let loss = 0;
  eachLogProbability(problem, weights, (n, logProbability) => {
    loss -= logProbability[problem.target[n]];
  });
  return loss / problem.target.length;
}
