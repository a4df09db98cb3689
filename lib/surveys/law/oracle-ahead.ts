import type { Career } from "../../careers";
import { type Ahead, aheadRows, type Forecast, yearsAhead } from "../../predictions";
import type { Oracle } from "./oracle";

/** The law's own predictions over some years, exact: everything between, education too, is summed over. */
export function oracleAhead(oracle: Oracle, careers: readonly Career[], aheads: readonly Ahead[]): Forecast {
  const { titles } = oracle.law;
  const distribution = aheadRows(titles, careers, aheads);
  aheads.forEach((ahead, n) => {
    const career = careers[ahead.person];
    const known = { ...career, observations: career.observations.slice(0, ahead.known) };
    const { title } = oracle.predictAhead(known, yearsAhead(careers, ahead)); // (J)
    distribution.logProbability.set(Float32Array.from(title, Math.log), n * titles.size);
  });
  return { distribution, asked: 0 };
}
