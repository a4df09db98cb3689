import {
  type FitsTerm,
  type Measurement,
  personTotals,
  type RowKind,
  studentQuantile,
  surprisalContrast,
  wholeContrast,
} from "../../metrics";
import type { ErrorFailure, ErrorSources } from "./audit-errors";
import { type Compared, fitsNamed } from "./fits-of-claims";

/** A method's part in a contrast, in the comparison that has its predictions. */
export interface ContrastTerm {
  times: number;
  comparison: Compared;
  label: string;
}

/**
 * A weighted sum of methods' mean surprisals with its error over persons (`surprisalContrast`), and the whole one where of
 * every method there are several fits, or none. The methods may be of different surveys with the same persons.
 * @param model what the sum is called
 * @throws UserError as `surprisalContrast`
 */
export function contrastOf(
  model: string,
  terms: readonly ContrastTerm[],
  fits: readonly (ErrorSources | ErrorFailure)[] = [],
  transition: RowKind = "all",
): Measurement {
  const parts = terms.map(({ times, comparison, label }) => ({ times, scores: comparison.scores[label] }));
  const { value, standardError } = surprisalContrast(parts, transition);
  const [{ scores: rows }] = parts;
  const { count } = personTotals(rows, rows.observedLogProbability)[transition];
  const persons = count.filter((own) => own > 0).length;
  const reach = persons > 1 ? studentQuantile(0.975, persons - 1) * standardError : NaN;
  const known = terms.flatMap(({ times, comparison, label }): FitsTerm<Float64Array>[] => {
    const found = fitsNamed(comparison, fits, label);
    return found === undefined ? [] : [{ times, of: label, fits: found }];
  });
  const isWhole =
    known.length === terms.length &&
    known.every(({ fits: { seeds } }) => seeds[0].length === rows.observed.length);
  return {
    survey: [...new Set(terms.map(({ comparison }) => comparison.survey))].join(", "),
    ...{ model, on: { transition }, measure: "log-loss contrast" },
    estimate: { value, standardError, interval: [value - reach, value + reach] },
    whole: isWhole ? wholeContrast(rows, known, transition) : undefined,
    persons,
    personYears: count.reduce((sum, own) => sum + own, 0),
  };
}
