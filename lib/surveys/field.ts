import { type Problem, type RowAccount, type TextField, textProblem, yearProblem } from "../careers";
import { UserError } from "../errors";
import type { Table, TableColumn } from "../files";
import { lookOf, numberIn, plainNumeral } from "../numerals";
import { clip, quote } from "../quote";
import { ages, amounts, rangeText } from "../ranges";
import { type ColumnKind, Missing } from "./missing";
import type { MappedField } from "./panel-map";

/** Makes a value of a cell; the second argument tells whether numbers of the file have a decimal comma. */
type Read<T> = (cell: string, decimalComma: boolean) => T;

/** The cells of a mapped column as values; each distinct cell is worded and checked once, when a row first needs it. */
export class Field<T> {
  readonly column: TableColumn;
  private readonly known: (T | undefined)[] = [];
  private readonly isKnown: Uint8Array;
  private readonly missing: Missing;

  /**
   * @param name what errors call it, for example "birth year"
   * @param missing cells that mean "missing" in the whole file; the usual ones of the kind by default
   * @param read from a cell that is not missing, as worded; its UserError gets place and column
   */
  constructor(
    private readonly table: Table,
    private readonly map: MappedField,
    private readonly name: string,
    missing: readonly string[] | undefined,
    private readonly read: Read<T>,
    kind: ColumnKind = "text",
  ) {
    this.column = table.column(map.column);
    this.isKnown = new Uint8Array(this.column.values.length);
    this.missing = new Missing(kind, missing, map.missing);
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
    const cell = this.column.values[this.column.codes[row]];
    const told = cell === "" ? "" : ` (${quote(cell)})`;
    const otherwise = cell === "" ? "" : ' If it is a value, say which cells are "missing" in a column map.';
    throw this.error(row, `the ${this.name} is missing${told}`, `Fill it in or remove the row.${otherwise}`);
  }

  /** Whether a cell of the column means "missing". */
  isMissing(cell: string): boolean {
    const worded = this.wordOf(cell);
    if (worded !== undefined && this.missing.isAssumed(cell)) return worded === null;
    return worded === null || this.missing.has(cell) || this.missing.has(plainNumeral(cell));
  }

  /** Rows of the table in which the cell is missing. */
  missingRows(): number {
    const { values, codes } = this.column;
    const isMissing = values.map((cell) => this.isMissing(cell));
    let rows = 0;
    for (const code of codes) if (isMissing[code]) rows++;
    return rows;
  }

  /** Tells of the words that count as missing, or as text, although nobody said so. */
  note(account: RowAccount): void {
    const { values, codes, name } = this.column;
    const rows = new Int32Array(values.length);
    for (const code of codes) rows[code]++;
    values.forEach((cell, i) => {
      if (this.wordOf(cell) !== undefined) return;
      const cells = `cells ${quote(cell)} of the column ${quote(name)}`;
      if (this.missing.isAssumed(cell)) account.note(rows[i], `${cells} are taken as missing`);
      if (this.missing.isDoubtful(cell)) {
        account.note(rows[i], `${cells} are taken as text; if they are missing, say so in a column map`);
      }
    });
  }

  error(row: number, problem: string, remedy?: string): UserError {
    return new UserError(
      `${this.table.placeOf(row)}: ${problem} (column ${quote(this.column.name)})`,
      remedy,
    );
  }

  private valueOf(cell: string, row: number): T | undefined {
    if (this.isMissing(cell)) return undefined;
    const worded = this.map.words === undefined ? cell : this.wordOf(cell);
    if (worded === undefined || worded === null) {
      throw this.error(
        row,
        `the map has no wording of the ${this.name} ${quote(cell)}`,
        'Add it to the field\'s "words"; null makes it missing.',
      );
    }
    try {
      return this.read(worded, this.table.decimalComma);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw this.error(row, error.problem, error.remedy);
    }
  }

  /** The map's wording of a cell, which may hold a number in another form; undefined where it has none. */
  private wordOf(cell: string): string | null | undefined {
    const { words } = this.map;
    return [cell, plainNumeral(cell)].flatMap((key) =>
      words !== undefined && Object.hasOwn(words, key) ? [words[key]] : [],
    )[0];
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
export function yearOf(field: "year" | "birthYear"): Read<number> {
  return (cell, decimalComma) => {
    const name = field === "year" ? "year" : "birth year";
    const year = numberOf(cell, decimalComma);
    if (Number.isNaN(year)) {
      const problem = `${name} ${clip(cell)} is not a number${lookOf(cell)}`;
      throw new UserError(problem, "Fix the row or leave it out.");
    }
    check(yearProblem(field, year));
    return year;
  };
}

/** The number of a cell, NaN where it is none. */
export function numberOf(cell: string, decimalComma: boolean): number {
  return numberIn(decimalComma ? cell.replace(",", ".") : cell);
}

/** Whole years of age. */
export const ageOf: Read<number> = (cell, decimalComma) => {
  const age = numberOf(cell, decimalComma);
  if (Number.isInteger(age) && age >= ages.least && age <= ages.most) return age;
  const problem = `age ${clip(cell)} is not a number of years${lookOf(cell)}`;
  throw new UserError(problem, "Fix the row or leave it out.");
};

/** A survey weight (`amounts`). */
export const weightOf: Read<number> = (cell, decimalComma) => {
  const weight = numberOf(cell, decimalComma);
  if (weight >= amounts.least && weight <= amounts.most) return weight;
  const problem = `weight ${clip(cell)} is not a number ${rangeText(amounts)}${lookOf(cell)}`;
  throw new UserError(problem, "Fix the row or leave it empty.");
};

function check(found: Problem | undefined): void {
  if (found !== undefined) throw new UserError(found.problem, found.remedy);
}
