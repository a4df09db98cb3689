import { UserError } from "../errors";
import type { PersonYearRows } from "../predictions";

/** What a person-year is: a person's first observation, another title than before, or the same title. */
export type TransitionKind = "first" | "move" | "stay";

/** A kind of person-year to measure on, or all of them. */
export type RowKind = "all" | TransitionKind;

export const ROW_KINDS: readonly RowKind[] = ["all", "first", "move", "stay"];

type Rows = Pick<PersonYearRows, "observed" | "previous">;

/** The kind of row n. */
export function transitionKind({ observed, previous }: Rows, n: number): TransitionKind {
  if (previous[n] < 0) return "first";
  return previous[n] === observed[n] ? "stay" : "move";
}

/** (N): the kind of each row. */
export function transitionKinds(rows: Rows): TransitionKind[] {
  return Array.from(rows.observed, (_, n) => transitionKind(rows, n));
}

/**
 * The models that answer for the most person-years, in their order; those that answer for fewer persons cannot be
 * compared with them row by row.
 */
export function withAllRows<Answers extends PersonYearRows>(
  models: Readonly<Record<string, Answers>>,
): Record<string, Answers> {
  const rows = Math.max(0, ...Object.values(models).map(({ observed }) => observed.length));
  return Object.fromEntries(Object.entries(models).filter(([, { observed }]) => observed.length === rows));
}

/**
 * Models are compared on the same person-years or not at all.
 * @throws UserError that names the first model and row that differ
 */
export function checkSameRows(models: Readonly<Record<string, PersonYearRows>>): void {
  const [[firstName, first], ...others] = Object.entries(models);
  for (const [name, other] of others) {
    const both = `"${firstName}" and "${name}" were not predicted for the same`;
    const remedy = "Predict the same careers, in the same order, with every model.";
    if (
      first.titles.size !== other.titles.size ||
      first.titles.titles.some((t, j) => t !== other.titles.titles[j])
    ) {
      throw new UserError(`${both} titles`, remedy);
    }
    if (first.observed.length !== other.observed.length) {
      const counts = `${first.observed.length} and ${other.observed.length}`;
      throw new UserError(`${both} person-years: they have ${counts} rows`, remedy);
    }
    for (const column of ["observed", "person", "year", "previous"] as const) {
      const n = first[column].findIndex((value, i) => value !== other[column][i]);
      if (n >= 0) {
        const values = `${first[column][n]} and ${other[column][n]}`;
        throw new UserError(`${both} person-years: row ${n} has ${column} ${values}`, remedy);
      }
    }
  }
}
