import { addRows, type Comparison, type NamedExperiment, type Profile } from "../experiments";
import { type Results, resultsOf } from "./study";

/**
 * The rows of a study's comparison and others that a reader tries beside them: on the same persons, over all person-years.
 * The study's own rows are not run again.
 * @param reference label of the row that differences are to
 * @throws UserError as `addRows`
 */
export async function withRows(
  profile: Profile,
  comparison: Comparison,
  rows: readonly NamedExperiment[],
  reference: string,
): Promise<Results> {
  const { replications, seed } = profile;
  const whole = await addRows(comparison, rows, { replications, seed, kinds: ["all"], reference });
  return resultsOf(profile, [whole]);
}
