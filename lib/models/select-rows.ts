import type { Career } from "../careers/career";
import type { OccupationModel, PredictOptions } from "./occupation-model";
import type { TitleDistribution } from "./title-distribution";

/** Some person-years of a distribution, in the order given. */
export function selectRows(distribution: TitleDistribution, rows: ArrayLike<number>): TitleDistribution {
  const { titles, neglectedMass, weight } = distribution;
  const J = titles.size;
  const take = <A extends Float32Array | Float64Array | Int32Array>(from: A, into: A): A => {
    for (let n = 0; n < rows.length; n++) into[n] = from[rows[n]];
    return into;
  };
  const logProbability = new Float32Array(rows.length * J);
  for (let n = 0; n < rows.length; n++) {
    logProbability.set(distribution.logProbability.subarray(rows[n] * J, (rows[n] + 1) * J), n * J);
  }
  const integers = (from: Int32Array) => take(from, new Int32Array(rows.length));
  return {
    titles,
    logProbability,
    validMass: take(distribution.validMass, new Float32Array(rows.length)),
    ...(neglectedMass && { neglectedMass: take(neglectedMass, new Float32Array(rows.length)) }),
    observed: integers(distribution.observed),
    person: integers(distribution.person),
    year: integers(distribution.year),
    previous: integers(distribution.previous),
    ...(weight && { weight: take(weight, new Float64Array(rows.length)) }),
  };
}

/** The last person-year of each career. */
export function lastRows(distribution: TitleDistribution): TitleDistribution {
  const { person } = distribution;
  return selectRows(
    distribution,
    [...person.keys()].filter((n) => person[n + 1] !== person[n]),
  );
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
