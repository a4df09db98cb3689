import type { Career } from "../careers";
import type { OccupationModel, PredictOptions } from "./occupation-model";
import type { PersonYearRows } from "./person-year-rows";
import { selectRows } from "./select-rows";
import type { TitleDistribution } from "./title-distribution";

/** The last person-year of each career. */
export function lastRows<Answers extends PersonYearRows>(answers: Answers): Answers {
  const { person } = answers;
  return selectRows(answers, (n) => person[n + 1] !== person[n]);
}

/** The distribution over the titles alone: each row divided by its valid mass. */
export function normalised(distribution: TitleDistribution): TitleDistribution {
  const J = distribution.titles.size;
  const logProbability = Float32Array.from(distribution.logProbability);
  for (let n = 0; n < distribution.observed.length; n++) {
    const row = logProbability.subarray(n * J, (n + 1) * J); // (J)
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const log = top + Math.log(row.reduce((sum, logP) => sum + Math.exp(logP - top), 0));
    for (let j = 0; j < J; j++) row[j] -= log;
  }
  return {
    ...distribution,
    logProbability,
    validMass: new Float32Array(distribution.validMass.length).fill(1),
  };
}

/** A model's answers for the last observation of each career, one row a career, normalised over the titles. */
export async function predictLast(
  model: OccupationModel,
  careers: readonly Career[],
  options?: PredictOptions,
): Promise<TitleDistribution> {
  const last =
    model.predictLast === undefined
      ? lastRows(await model.predict(careers, options))
      : await model.predictLast(careers, options);
  return normalised(last);
}
