import type { Comparison, FitsPlan, NamedExperiment } from "../../experiments";
import { type FitsOfMethod, type Measured, surprisal, type WholeMeasure } from "../../metrics";
import type { PersonYearRows } from "../../predictions";
import { allErrorSources, type ErrorFailure, type ErrorSources } from "./audit-errors";

/**
 * Further fits of the methods that claims are about, as `judgeHeadlines` takes them: those of the labels, or all. What failed
 * is a row that says why.
 */
export async function fitsOf(
  experiments: readonly NamedExperiment[],
  plan: FitsPlan,
  labels?: readonly string[],
): Promise<(ErrorSources | ErrorFailure)[]> {
  // Of one fit nothing is known.
  if (plan.draws === undefined && plan.seeds === undefined) return [];
  const judged = experiments.filter(({ label }) => labels === undefined || labels.includes(label));
  return allErrorSources(judged.map((one) => ({ ...one, ...plan })));
}

/** A comparison as claims read it; without the outcomes nobody knows what was fitted. */
export type Compared = Pick<Comparison, "survey" | "scores"> & Partial<Pick<Comparison, "outcomes">>;

/** Methods that are nobody's fit: other persons to train on and another seed would change nothing. */
const UNFITTED = ["off-the-shelf"];

/** What is known of a method's fits: those that were made, or the one of what is not fitted; undefined of one fit alone. */
export function fitsNamed(
  { survey, scores, outcomes }: Compared,
  fits: readonly (ErrorSources | ErrorFailure)[],
  label: string,
): FitsOfMethod | undefined {
  const made = fits.find((one) => !("reason" in one) && one.label === label && one.survey === survey);
  if (made !== undefined && !("reason" in made)) return made.fits;
  if (outcomes === undefined || !(label in scores)) return undefined;
  const method = outcomes[label]?.experiment.method;
  if (method !== undefined && !UNFITTED.includes(method)) return undefined;
  return { seeds: [surprisal(scores[label])], resamples: [], isRandom: false, isTrained: false };
}

/** Fits on those persons alone that some rows are of. */
export function onPersons(
  fits: FitsOfMethod,
  { person }: PersonYearRows,
  rows: PersonYearRows,
): FitsOfMethod {
  if (rows.person.length === person.length) return fits;
  const persons = new Set(rows.person);
  const pick = (values: Float64Array) => values.filter((_, n) => persons.has(person[n]));
  return { ...fits, seeds: fits.seeds.map(pick), resamples: fits.resamples.map(pick) };
}

/** A number with the part of its whole error that is over test persons. */
export function overPersonsOf({ value, overPersons }: WholeMeasure): Measured {
  return { value, standardError: overPersons.error, persons: overPersons.of };
}
