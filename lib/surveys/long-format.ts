import { basename, extname } from "node:path";
import type { Career, Covariates, Observation } from "../careers/career";
import type { CareerPanel } from "../careers/panel";
import { type Problem, textProblem, yearProblem } from "../careers/validate";
import { UserError } from "../errors";
import { type CsvTable, readCsv } from "../files/csv";
import { TitleSet } from "../occupations/title-set";

/** A column's name, or its name and how to word its cells; `read` throws a UserError, which then gets file and line. */
export type Column = string | { column: string; read: (cell: string) => string };

/** Which columns of a file hold what. */
export interface LongFormatColumns {
  person: Column;
  year: Column;
  title: Column;
  education?: Column;
  gender?: Column;
  ethnicity?: Column;
  region?: Column;
  birthYear?: Column;
}

/** How to read a long-format file. */
export interface LongFormatOptions {
  /** The panel's name; the file's name without extension unless told. */
  name?: string;
  /** The survey's name in the text; the panel's name unless told. */
  surveyTag?: string;
  /** Unless told: person, year, title, and of education, gender, ethnicity, region, birth_year those there are. */
  columns?: LongFormatColumns;
  /** The closed set of titles, in order; without it, the titles of the file, sorted. */
  titles?: readonly string[];
}

const required = ["person", "year", "title"] as const;
const optional = ["education", "gender", "ethnicity", "region", "birthYear"] as const;
const standard = { education: "education", gender: "gender", ethnicity: "ethnicity", region: "region" };

/** A person while the rows are read: each covariate comes from the earliest year that has it. */
interface Draft {
  rows: Map<number, number>;
  observations: Observation[];
  covariates: Covariates;
  since: Partial<Record<keyof Covariates, number>>;
}

/**
 * Reads careers from a CSV file with one row per person and year, in any order. Empty cells and `NA` are
 * missing values. Gender, ethnicity, region and birth year are static: where they change within a person, the
 * earliest year that has one counts.
 * @throws UserError with file and line for: whatever `readCsv` refuses, a missing column, a missing person, year
 * or title, a year that is no number, a title outside the given set, two rows of one person and year, a value
 * that the text could not carry
 */
export function readLongFormat(path: string, options: LongFormatOptions = {}): CareerPanel {
  const table = readCsv(path);
  const cells = new Cells(table, options.columns ?? standardColumns(table));
  const titles = options.titles === undefined ? undefined : new TitleSet(options.titles);
  const drafts = new Map<string, Draft>();
  const seen = new Set<string>();
  for (let row = 0; row < table.rows.length; row++) {
    const person = cells.need("person", row);
    const year = Number(cells.need("year", row));
    const title = cells.need("title", row);
    if (titles !== undefined && !titles.has(title)) {
      throw new UserError(
        `${table.placeOf(row)}: "${title}" is none of the ${titles.size} titles`,
        "Check its spelling against the title list.",
      );
    }
    seen.add(title);
    let draft = drafts.get(person);
    if (draft === undefined) {
      draft = { rows: new Map(), observations: [], covariates: {}, since: {} };
      drafts.set(person, draft);
    }
    const other = draft.rows.get(year);
    if (other !== undefined) {
      throw new UserError(
        `${table.placeOf(row)}: person ${person} has a second row for ${year}, the first on line ${table.lineOf(other)}`,
        "Keep one job per person and year.",
      );
    }
    draft.rows.set(year, row);
    const education = cells.get("education", row);
    draft.observations.push(education === undefined ? { year, title } : { year, title, education });
    takeCovariates(draft, year, cells, row);
  }
  const name = options.name ?? basename(path, extname(path));
  return {
    name,
    surveyTag: options.surveyTag ?? name,
    titles: titles ?? new TitleSet([...seen].sort()),
    careers: [...drafts].map(([person, draft]) => asCareer(person, draft)),
  };
}

function takeCovariates(draft: Draft, year: number, cells: Cells, row: number): void {
  for (const field of ["gender", "ethnicity", "region", "birthYear"] as const) {
    const value = cells.get(field, row);
    if (value === undefined || year >= (draft.since[field] ?? Infinity)) continue;
    draft.since[field] = year;
    if (field === "birthYear") draft.covariates.birthYear = Number(value);
    else draft.covariates[field] = value;
  }
}

function asCareer(person: string, { covariates, observations }: Draft): Career {
  observations.sort((a, b) => a.year - b.year);
  return { person, covariates, observations };
}

function standardColumns(table: CsvTable): LongFormatColumns {
  const columns: LongFormatColumns = { person: "person", year: "year", title: "title" };
  for (const [field, column] of Object.entries({ ...standard, birthYear: "birth_year" })) {
    if (table.header.includes(column)) columns[field as (typeof optional)[number]] = column;
  }
  return columns;
}

/** The fields of a table's rows, worded and checked; each distinct cell of a column is checked once. */
class Cells {
  private readonly columns = new Map<keyof LongFormatColumns, CheckedColumn>();

  constructor(
    private readonly table: CsvTable,
    columns: LongFormatColumns,
  ) {
    for (const field of [...required, ...optional]) {
      const column = columns[field];
      if (column === undefined) continue;
      const { column: name, read } = typeof column === "string" ? { column, read: undefined } : column;
      this.columns.set(field, { name, at: table.columnOf(name), read, known: new Map() });
    }
  }

  /** The field of a row, or undefined where it is missing. */
  get(field: keyof LongFormatColumns, row: number): string | undefined {
    const column = this.columns.get(field);
    if (column === undefined) return undefined;
    const cell = this.table.rows[row][column.at];
    if (cell === "" || cell === "NA") return undefined;
    let value = column.known.get(cell);
    if (value === undefined) {
      value = this.read(field, column, cell, row);
      column.known.set(cell, value);
    }
    return value;
  }

  need(field: keyof LongFormatColumns, row: number): string {
    const value = this.get(field, row);
    if (value !== undefined) return value;
    throw this.error(
      this.columns.get(field)!,
      row,
      `the ${field} is missing`,
      "Fill it in or remove the row.",
    );
  }

  private read(field: keyof LongFormatColumns, column: CheckedColumn, cell: string, row: number): string {
    let value = cell;
    try {
      value = column.read?.(cell) ?? cell;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw this.error(column, row, error.problem, error.remedy);
    }
    const found =
      field === "year" || field === "birthYear" ? yearOf(field, value) : textProblem(field, value);
    if (found !== undefined) throw this.error(column, row, found.problem, found.remedy);
    return value;
  }

  private error(column: CheckedColumn, row: number, problem: string, remedy?: string): UserError {
    return new UserError(`${this.table.placeOf(row)}: ${problem} (column "${column.name}")`, remedy);
  }
}

interface CheckedColumn {
  name: string;
  at: number;
  read: ((cell: string) => string) | undefined;
  /** Cells met before, as worded. */
  known: Map<string, string>;
}

function yearOf(field: "year" | "birthYear", cell: string): Problem | undefined {
  if (/^[+-]?\d+(\.\d*)?$/.test(cell)) return yearProblem(field, Number(cell));
  const name = field === "year" ? "year" : "birth year";
  return { problem: `${name} ${cell} is not a number`, remedy: "Fix the row or leave it out." };
}
