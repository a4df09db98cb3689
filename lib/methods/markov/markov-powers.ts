import type { Career } from "../../careers";
import type { TitleSet } from "../../occupations";
import { type Ahead, aheadRows, type Forecast, yearsAhead } from "../../predictions";
import type { MarkovModel } from "./markov";

/**
 * A first-order Markov table composed exactly: the row of the last known title in the matrix to the power of the
 * years.
 * @param model whose transitions depend on the previous title alone
 */
export function composeMarkov(
  model: Pick<MarkovModel, "transition">,
  titles: TitleSet,
  careers: readonly Career[],
  aheads: readonly Ahead[],
): Forecast {
  const distribution = aheadRows(titles, careers, aheads);
  const J = titles.size;
  const once = model.transition(); // (J, J)
  const powers = [once];
  aheads.forEach((ahead, n) => {
    const years = yearsAhead(careers, ahead);
    while (powers.length < years) powers.push(product(powers[powers.length - 1], once, J));
    const from = distribution.previous[n] * J;
    const row = powers[years - 1].subarray(from, from + J); // (J)
    distribution.logProbability.set(Float32Array.from(row, Math.log), n * J);
  });
  return { distribution, asked: 0 };
}

/** (J, J) times (J, J), row-major. */
function product(a: Float64Array, b: Float64Array, J: number): Float64Array {
  const out = new Float64Array(J * J);
  for (let i = 0; i < J; i++) {
    for (let k = 0; k < J; k++) {
      const weight = a[i * J + k];
      if (weight === 0) continue;
      for (let j = 0; j < J; j++) out[i * J + j] += weight * b[k * J + j];
    }
  }
  return out;
}
