import { type Problem, type TextField, textProblem, yearProblem } from "../careers/validate";
import { UserError } from "../errors";
import type { Table, TableColumn } from "../files/table";
import { ages, amounts, rangeText } from "../ranges";
import type { MappedField } from "./panel-map";

/** The cells of a mapped column as values; each distinct cell is worded and checked once, when a row first needs it. */
export class Field<T> {
  readonly column: TableColumn;
  private readonly known: (T | undefined)[] = [];
  private readonly isKnown: Uint8Array;
  private readonly missing: ReadonlySet<string>;

  /**
   * @param name what errors call it, for example "birth year"
   * @param read from a cell that is not missing, as worded; its UserError gets place and column
   */
  constructor(
    private readonly table: Table,
    private readonly map: MappedField,
    private readonly name: string,
    missing: readonly string[],
    private readonly read: (cell: string) => T,
  ) {
    this.column = table.column(map.column);
    this.isKnown = new Uint8Array(this.column.values.length);
    this.missing = new Set([...missing, ...(map.missing ?? [])]);
  }

  /** The value of a row, or undefined where it is missing. @throws UserError with the row's place */
  get(row: number): T | undefined {
    const code = this.column.codes[row];
    if (this.isKnown[code] === 0) {
      this.known[code] = this.valueOf(this.column.values[code], row);
      this.isKnown[code] = 1;
    }
    return this.known[code];
  }

  /** @throws UserError where the value is missing */
  need(row: number): T {
    const value = this.get(row);
    if (value !== undefined) return value;
    throw this.error(row, `the ${this.name} is missing`, "Fill it in or remove the row.");
  }

  /** Rows of the table in which the cell is missing. */
  missingRows(): number {
    const { values, codes } = this.column;
    const isMissing = values.map((cell) => this.missing.has(cell) || this.map.words?.[cell] === null);
    let rows = 0;
    for (const code of codes) if (isMissing[code]) rows++;
    return rows;
  }

  error(row: number, problem: string, remedy?: string): UserError {
    return new UserError(`${this.table.placeOf(row)}: ${problem} (column "${this.column.name}")`, remedy);
  }

  private valueOf(cell: string, row: number): T | undefined {
    if (this.missing.has(cell)) return undefined;
    const { words } = this.map;
    if (words !== undefined && !Object.hasOwn(words, cell)) {
      throw this.error(
        row,
        `the map has no wording of the ${this.name} ${JSON.stringify(cell)}`,
        'Add it to the field\'s "words"; null makes it missing.',
      );
    }
    const worded = words === undefined ? cell : words[cell];
    if (worded === null) return undefined;
    try {
      return this.read(worded);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw this.error(row, error.problem, error.remedy);
    }
  }
}

/** A reader of text that a career's text can carry. */
export function textOf(field: TextField): (cell: string) => string {
  return (cell) => {
    check(textProblem(field, cell));
    return cell;
  };
}

/** A year of four digits. */
export function yearOf(field: "year" | "birthYear"): (cell: string) => number {
  return (cell) => {
    const name = field === "year" ? "year" : "birth year";
    if (!/^[+-]?\d+(\.\d*)?$/.test(cell)) {
      throw new UserError(`${name} ${cell} is not a number`, "Fix the row or leave it out.");
    }
    check(yearProblem(field, Number(cell)));
    return Number(cell);
  };
}

/** A year, or undefined where the cell is no number: of dates that only some rows have. */
export function numberOf(cell: string): number {
  return cell.trim() === "" ? NaN : Number(cell);
}

/** Whole years of age. */
export function ageOf(cell: string): number {
  const age = numberOf(cell);
  if (Number.isInteger(age) && age >= ages.least && age <= ages.most) return age;
  throw new UserError(`age ${cell} is not a number of years`, "Fix the row or leave it out.");
}

/** A survey weight (`amounts`). */
export function weightOf(cell: string): number {
  const weight = numberOf(cell);
  if (weight >= amounts.least && weight <= amounts.most) return weight;
  throw new UserError(
    `weight ${cell} is not a number ${rangeText(amounts)}`,
    "Fix the row or leave it empty.",
  );
}

function check(found: Problem | undefined): void {
  if (found !== undefined) throw new UserError(found.problem, found.remedy);
}
