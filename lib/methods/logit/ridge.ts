import { z } from "zod";
import { UserError } from "../../errors";
import { minimise, type Objective } from "./minimise";

/** Tried from the strongest on, until the validation loss rises. */
const GRID = [300, 100, 30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01];
/** A penalty is given up when, on its way, its validation loss is so many times the best; looked at now and then. */
const WORSE = 1.002;
const ITERATIONS_BETWEEN_LOOKS = 10;
/** The choice asks for less precision than what is chosen. */
const ROUGHLY = 10;
/** Where there is no validation to choose on. */
const DEFAULT_RIDGE = 3;

export interface RidgeOptions {
  /**
   * Penalty: half of it times the sum of the squared weights is added to the negative log-likelihood (the inverse of
   * scikit-learn's C). A list is tried from the strongest on, until the loss on the validation careers rises. Default:
   * a list from 300 to 0.01; 3 where there is no validation. 0, alone, gives maximum likelihood.
   */
  ridge?: number | readonly number[];
  /** Stops when the quadratic model promises less than this share of the objective. Default 1e-6; 1e-14 for ridge 0. */
  tolerance?: number;
  /** Of the optimiser, for each penalty. Default 1000. */
  maxIterations?: number;
  /** Called after each iteration with the penalty, the iteration and the objective. */
  onIteration?: (ridge: number, iteration: number, objective: number) => void;
}

/** A penalty that was tried. */
export interface RidgeTrial {
  ridge: number;
  /** Mean -ln P on the validation rows; NaN where there are none. */
  loss: number;
  iterations: number;
  /** false: stopped at `maxIterations`, or given up since the validation loss rose. */
  converged: boolean;
}

/** A trial in a file: JSON has null for NaN. */
export const storedTrial = z.strictObject({
  ridge: z.number().min(0),
  loss: z.number().nullable(),
  iterations: z.number(),
  converged: z.boolean(),
});

/** Trials as a file has them, and back. */
export const storeTrials = (trials: readonly RidgeTrial[]): z.infer<typeof storedTrial>[] =>
  trials.map((trial) => ({ ...trial, loss: Number.isNaN(trial.loss) ? null : trial.loss }));
export const restoreTrials = (stored: readonly z.infer<typeof storedTrial>[]): RidgeTrial[] =>
  stored.map((trial) => ({ ...trial, loss: trial.loss ?? NaN }));

export interface RidgeFit {
  weights: Float64Array;
  ridge: number;
  trials: RidgeTrial[];
}

/**
 * Penalised maximum likelihood, the penalty chosen by validation; each fit starts from the one before.
 * @param objective negative log-likelihood of the weights, and its gradient
 * @param curvature (weights): about the diagonal of its Hessian
 * @param free how many of the last weights have next to no penalty: just enough to keep them finite
 * @param validate mean loss of weights on other rows; undefined where there are none
 * @throws UserError if a penalty is out of range
 */
export async function fitRidge(
  objective: Objective,
  curvature: Float64Array,
  validate: ((weights: Float64Array) => number) | undefined,
  options: RidgeOptions,
  free = 0,
): Promise<RidgeFit> {
  const penalties = ridgesToTry(options.ridge, validate !== undefined);
  const tolerance = options.tolerance ?? (penalties[0] === 0 ? 1e-14 : 1e-6);
  const trials: RidgeTrial[] = [];
  let best: { trial: RidgeTrial; weights: Float64Array } | undefined;
  const fit = (ridge: number, start: Float64Array, precision: number) =>
    minimise(penalised(objective, ridge, free), start, {
      tolerance: precision,
      maxIterations: options.maxIterations,
      diagonal: curvature.map((c, i) => c + penaltyOf(i, curvature.length - free, ridge) || 1),
      onIteration: (iteration, value, x) => {
        options.onIteration?.(ridge, iteration, value);
        if (best === undefined || ridge === best.trial.ridge) return false;
        return iteration % ITERATIONS_BETWEEN_LOOKS === 0 && validate!(x) > WORSE * best.trial.loss;
      },
    });
  let start: Float64Array = new Float64Array(curvature.length);
  for (const ridge of penalties) {
    const { x, iterations, converged } = await fit(
      ridge,
      start,
      penalties.length > 1 ? ROUGHLY * tolerance : tolerance,
    );
    const trial = { ridge, loss: validate?.(x) ?? NaN, iterations, converged };
    trials.push(trial);
    if (best !== undefined && !(trial.loss < best.trial.loss)) break;
    best = { trial, weights: x };
    start = x;
  }
  const { trial, weights } = best!;
  if (penalties.length === 1) return { weights, ridge: trial.ridge, trials };
  const last = await fit(trial.ridge, weights, tolerance);
  trial.loss = validate!(last.x);
  trial.iterations += last.iterations;
  trial.converged = last.converged;
  return { weights: last.x, ridge: trial.ridge, trials };
}

function penalised(objective: Objective, ridge: number, free: number): Objective {
  return (x, gradient) => {
    const value = objective(x, gradient);
    let square = 0;
    for (let i = 0; i < x.length; i++) {
      const penalty = penaltyOf(i, x.length - free, ridge);
      square += penalty * x[i] * x[i];
      gradient[i] += penalty * x[i];
    }
    return value + square / 2;
  };
}

/** Keeps a weight finite where the data do not, and moves no other beyond rounding. */
const WEAK = 0.01;

function penaltyOf(i: number, penalised: number, ridge: number): number {
  return i < penalised ? ridge : Math.min(ridge, WEAK);
}

function ridgesToTry(ridge: RidgeOptions["ridge"], validated: boolean): number[] {
  const asked = [ridge ?? (validated ? GRID : DEFAULT_RIDGE)].flat();
  const wrong = asked.find((value) => !(value >= 0 && value < Infinity));
  if (wrong !== undefined) throw new UserError(`ridge is ${wrong}`, "Give a penalty of 0 or more.");
  if (asked.length === 0) throw new UserError("ridge is an empty list", "Give at least one penalty.");
  if (asked.length > 1 && !validated) {
    throw new UserError(
      `there are ${asked.length} ridge penalties and no validation careers to choose on`,
      "Give validation careers, or one penalty.",
    );
  }
  if (asked.length > 1 && asked.includes(0)) {
    throw new UserError(
      "ridge 0 stands in a list of penalties",
      "Maximum likelihood is for tables of coefficients: ask for it alone.",
    );
  }
  return [...asked].sort((a, b) => b - a);
}
