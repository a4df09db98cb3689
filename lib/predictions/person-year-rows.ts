import type { Career } from "../careers";
import type { TitleSet } from "../occupations";

/**
 * N person-years that a model answers for, one row each, in the order of the careers and of their years: what all answers
 * have in common, be they `TitleDistribution` or `ObservedScores`.
 */
export interface PersonYearRows {
  readonly titles: TitleSet;
  /** (N): index of the title that happened. */
  readonly observed: Int32Array;
  /** (N): index into the careers that were predicted. */
  readonly person: Int32Array;
  /** (N): calendar year. */
  readonly year: Int32Array;
  /** (N): index of the title of the person's observation before this one; -1 for the first. */
  readonly previous: Int32Array;
  /** (N): survey weight; NaN where the observation has none. Absent where no observation has one. */
  readonly weight?: Float64Array;
}

/** The rows of some careers. */
export function personYearRows(careers: readonly Career[], titles: TitleSet): PersonYearRows {
  const N = careers.reduce((n, career) => n + career.observations.length, 0);
  const weighted = careers.some(({ observations }) =>
    observations.some(({ weight }) => weight !== undefined),
  );
  const rows: PersonYearRows = {
    titles,
    observed: new Int32Array(N), // (N)
    person: new Int32Array(N), // (N)
    year: new Int32Array(N), // (N)
    previous: new Int32Array(N), // (N)
    ...(weighted ? { weight: new Float64Array(N) } : {}), // (N)
  };
  let n = 0;
  careers.forEach((career, i) => {
    let previous = -1;
    for (const { year, title, weight } of career.observations) {
      if (rows.weight !== undefined) rows.weight[n] = weight ?? NaN;
      rows.observed[n] = titles.indexOf(title);
      rows.person[n] = i;
      rows.year[n] = year;
      rows.previous[n] = previous;
      previous = rows.observed[n++];
    }
  });
  return rows;
}
