import type { Career } from "../careers";
import { type PersonYearRows, personYearRows } from "./person-year-rows";

/** What describes a row; all other columns are a model's answers. */
const ofRows: readonly string[] = [
  "titles",
  "observed",
  "person",
  "year",
  "previous",
  "weight",
] satisfies (keyof PersonYearRows)[];

/** The numbers of one field, so many a row. */
export type Column = Int32Array | Float32Array | Float64Array;

/** The columns of (N) or (N, J) that hold a model's answers, by name. */
function columnsOf(answers: PersonYearRows): [name: string, values: Column][] {
  return Object.entries(answers as PersonYearRows & Record<string, Column>).filter(
    ([name, values]) => !ofRows.includes(name) && values !== undefined,
  );
}

/** Takes a model's answers for a person-year over to others of the same columns. */
export function copyAnswers<Answers extends PersonYearRows>(
  from: Answers,
  row: number,
  to: Answers,
  n: number,
): void {
  const target = to as unknown as Record<string, Column>;
  for (const [name, values] of columnsOf(from)) {
    const width = values.length / from.observed.length;
    target[name].set(values.subarray(row * width, (row + 1) * width), n * width);
  }
}

/** Room for the answers to some careers, of as many columns as a model's own answers have. */
export function roomFor<Answers extends PersonYearRows>(careers: readonly Career[], like: Answers): Answers {
  const rows = personYearRows(careers, like.titles);
  const columns = columnsOf(like).map(([name, values]) => {
    const width = values.length / Math.max(1, like.observed.length);
    return [name, emptyLike(values, rows.observed.length * width)];
  });
  return { ...rows, ...Object.fromEntries(columns) } as Answers;
}

/** Room for so many numbers of a column's kind. */
export function emptyLike(column: Column, length: number): Column {
  return new (column.constructor as new (length: number) => Column)(length);
}
