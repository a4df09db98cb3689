import { z } from "zod";
import { type Career, unitMean, type WeightedCareers } from "../../careers";
import { UserError } from "../../errors";
import type { TitleSet } from "../../occupations";
import { emptyDistribution, type OccupationModel } from "../../predictions";
import { readFitted, writeFitted } from "../fitted-files";

/** What a baseline is fitted on; a `CareerPanel` is one. */
export type TrainingCareers = Pick<WeightedCareers, "titles" | "careers">;

export interface EmpiricalOptions {
  /** Pseudo-counts added to each title (Laplace 1, Jeffreys 0.5). 0 gives a title never seen probability zero. Default 1. */
  smoothing?: number;
  /** Default "Empirical". */
  name?: string;
}

export interface EmpiricalModel extends OccupationModel {
  /** (J): the probability of each title in any person-year. */
  readonly probability: Float64Array;
}

/**
 * The share of each title in the training person-years, whatever came before it: the floor that any model of
 * careers must beat.
 * @throws UserError if there is no person-year to count, a title is not of the set, or `smoothing` is negative
 */
export function fitEmpirical(train: WeightedCareers, options: EmpiricalOptions = {}): EmpiricalModel {
  const { smoothing = 1, name = "Empirical" } = options;
  return empiricalModel(name, titleShares(train, smoothing), train.titles);
}

function empiricalModel(name: string, probability: Float64Array, titles: TitleSet): EmpiricalModel {
  const logRow = Float32Array.from(probability, Math.log); // (J)
  return {
    name,
    probability,
    async predict(careers: readonly Career[], { onProgress } = {}) {
      const distribution = emptyDistribution(careers, titles);
      const rows = distribution.observed.length;
      for (let n = 0; n < rows; n++) distribution.logProbability.set(logRow, n * logRow.length);
      onProgress?.(rows, rows);
      return distribution;
    },
  };
}

const facts = z.strictObject({ name: z.string() });

/** @throws UserError where the folder cannot be written */
export function writeEmpirical(folder: string, { name, probability }: EmpiricalModel): void {
  const arrays = new Map([["probability", { shape: [probability.length], values: probability }]]);
  writeFitted(folder, { facts: { name }, arrays });
}

/** Reads what `writeEmpirical` wrote. @throws UserError where a file is missing, damaged or over other titles */
export function readEmpirical(folder: string, titles: TitleSet): EmpiricalModel {
  const { facts: stored, arrays } = readFitted(folder, facts);
  const probability = arrays.get("probability", [titles.size]) as Float64Array;
  return empiricalModel(stored.name, probability, titles);
}

/** Counts are of pseudo-observations too: a weight is taken as it is, one of the own survey's persons as 1. */
function checkWeights(careers: readonly Career[], weights: WeightedCareers["weights"]): void {
  if (weights === undefined) return;
  unitMean(
    weights,
    careers.map(({ observations }) => observations.length),
  );
}

/** (J): (count of the title + smoothing) / (person-years + J smoothing). */
function titleShares({ titles, careers, weights }: WeightedCareers, smoothing: number): Float64Array {
  if (!(smoothing >= 0 && Number.isFinite(smoothing))) {
    throw new UserError(`smoothing is ${smoothing}`, "Give a number of pseudo-counts, 0 or more.");
  }
  const share = new Float64Array(titles.size).fill(smoothing); // (J)
  checkWeights(careers, weights);
  careers.forEach(({ observations, given = 0 }, i) => {
    for (const { title } of observations.slice(given)) share[titles.indexOf(title)] += weights?.[i] ?? 1;
  });
  const personYears = share.reduce((sum, count) => sum + count - smoothing, 0);
  if (!careers.some(({ observations }) => observations.length > 0)) {
    throw new UserError("there are no training person-years", "Give the model careers to count.");
  }
  const total = personYears + smoothing * titles.size;
  return share.map((count) => count / total);
}
