import type { TitleDistribution } from "./title-distribution";

/** The rows of a distribution that are asked for, in their order. */
export function selectRows(
  distribution: TitleDistribution,
  wanted: (row: number) => boolean,
): TitleDistribution {
  const { titles, logProbability, observed } = distribution;
  const J = titles.size;
  const rows = Int32Array.from(observed.keys()).filter(wanted); // (N')
  const chosen = new Float32Array(rows.length * J); // (N', J)
  rows.forEach((row, n) => {
    chosen.set(logProbability.subarray(row * J, (row + 1) * J), n * J);
  });
  const take = <T extends Int32Array | Float32Array | Float64Array>(values: T): T => {
    const taken = new (values.constructor as new (size: number) => T)(rows.length);
    rows.forEach((row, n) => {
      taken[n] = values[row];
    });
    return taken;
  };
  const { validMass, neglectedMass, person, year, previous, weight } = distribution;
  return {
    titles,
    logProbability: chosen,
    validMass: take(validMass),
    ...(neglectedMass === undefined ? {} : { neglectedMass: take(neglectedMass) }),
    observed: take(observed),
    person: take(person),
    year: take(year),
    previous: take(previous),
    ...(weight === undefined ? {} : { weight: take(weight) }),
  };
}
