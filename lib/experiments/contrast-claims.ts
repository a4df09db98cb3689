import { surprisalContrast } from "../metrics/contrast";
import type { RowKind } from "../metrics/rows";
import type { Measured } from "../metrics/standing";
import { type FitsTerm, type WholeMeasure, wholeContrast } from "../metrics/whole-error";
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
 * @throws UserError as `surprisalContrast`
 */
export function contrastOf(
  terms: readonly ContrastTerm[],
  fits: readonly (ErrorSources | ErrorFailure)[] = [],
  kind: RowKind = "all",
): { measured: Measured; whole?: WholeMeasure } {
  const distributions = terms.map(({ times, comparison, label }) => ({
    times,
    distribution: comparison.distributions[label],
  }));
  const measured = surprisalContrast(distributions, kind);
  const [{ distribution: rows }] = distributions;
  const known = terms.flatMap(({ times, comparison, label }): FitsTerm<Float64Array>[] => {
    const found = fitsNamed(comparison, fits, label);
    return found === undefined ? [] : [{ times, of: label, fits: found }];
  });
  const isWhole =
    known.length === terms.length &&
    known.every(({ fits: { seeds } }) => seeds[0].length === rows.observed.length);
  return {
    measured,
    whole: isWhole ? wholeContrast(rows, known, kind) : undefined,
  };
}
