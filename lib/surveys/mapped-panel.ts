import {
  type Career,
  type CareerPanel,
  type Covariates,
  type Observation,
  RowAccount,
  withWhatItTells,
  yearProblem,
} from "../careers";
import { type CsvOptions, Int32List, readCsv, readParquet, type Table } from "../files";
import { plainJson, plainText } from "../plain-text";
import { clip } from "../quote";
import { conditionTest } from "./condition";
import { SteppedEducation } from "./education-steps";
import { ageOf, Field, textOf, weightOf, yearOf } from "./field";
import { columnsOf, mapOfFile, standardMap, tableName } from "./map-of-file";
import type { ColumnKind } from "./missing";
import type { CheckedPanelMap, MappedField, PanelMap, PanelRules } from "./panel-map";
import { checkPanelMap, readPanelMap } from "./panel-map-check";
import { RowTitles } from "./row-titles";

/** How to read a file otherwise than its map says. */
export interface MappedPanelOptions extends PanelRules {
  name?: string;
  surveyTag?: string;
}

/**
 * Reads careers from a CSV file (also `.gz`) or a Parquet file with one row per person and year, in any order, by a
 * column map. Gender, ethnicity, region and birth year are static: where they change within a person, the earliest
 * year that has one counts. Every row is accounted for in `rows`.
 * @param map a map or the path of one; by default that of `mapOfFile`, and without one the columns person, year,
 * title and, of education, gender, ethnicity, region, birth_year, weight, those there are
 * @throws UserError with file and line for: whatever `readCsv` or `readParquet` refuses; a map that is not as it
 * should be; an absent column; a cell that the map, the vintage or the text cannot take; a missing person, year or
 * title; two rows of one person and year; a birth year after the person's first year
 */
export function readMappedPanel(
  path: string,
  map?: PanelMap | string,
  options: MappedPanelOptions = {},
): CareerPanel {
  const given =
    typeof map === "string" ? readPanelMap(map) : map === undefined ? mapOfFile(path) : checkPanelMap(map);
  const mapFor = (header: readonly string[]) => given ?? standardMap(header);
  const raw = readTable(path, {
    encoding: given?.encoding,
    separator: given?.separator,
    keep: (header) => {
      const kept = columnsOf(mapFor(header.map(plainText)));
      return header.filter((name) => kept.has(plainText(name)));
    },
  });
  const { table, cells } = raw.rewritten(plainText);
  const { name, surveyTag, ...rules } = options;
  return new PanelReader(table, mapFor(table.header), plainJson(rules) as PanelRules, cells).read(
    name,
    surveyTag,
  );
}

function readTable(path: string, options: CsvOptions): Table {
  return /\.parquet(\.gz)?$/i.test(path) ? readParquet(path, options) : readCsv(path, options);
}

/** The rows of a table on their way to careers. */
class PanelReader {
  private readonly account = new RowAccount("rows");
  private readonly rules: PanelRules;
  private readonly missing: readonly string[] | undefined;
  private readonly person: Field<string>;
  private readonly year: Field<number>;
  private readonly words: Partial<Record<"gender" | "ethnicity" | "region", Field<string>>> = {};
  private readonly birthYear: Field<number> | undefined;
  private readonly age: Field<number> | undefined;
  private readonly weight: Field<number> | undefined;
  private readonly education: Field<string> | SteppedEducation | undefined;
  private readonly titles: RowTitles;
  /** (rows of the table) */
  private readonly years: Int32Array;
  private readonly titleOf: (string | undefined)[];

  constructor(
    private readonly table: Table,
    private readonly map: CheckedPanelMap,
    rules: PanelRules,
    /** Cells that `plainText` changed. */
    private readonly cellsRewritten: number,
  ) {
    this.rules = { ...map.rules, ...rules };
    this.missing = map.missing;
    const { columns } = map;
    this.person = this.field(columns.person, "person", textOf("person"), "number")!;
    this.year = this.field(columns.year, "year", yearOf("year"), "number")!;
    this.birthYear = this.field(columns.birthYear, "birth year", yearOf("birthYear"), "number");
    this.age = this.field(columns.age, "age", ageOf, "number");
    this.weight = this.field(columns.weight, "weight", weightOf, "number");
    this.words.gender = this.field(columns.gender, "gender", textOf("gender"), "number");
    this.words.ethnicity = this.field(columns.ethnicity, "ethnicity", textOf("ethnicity"));
    this.words.region = this.field(columns.region, "region", textOf("region"));
    const { education } = columns;
    this.education =
      education !== undefined && "steps" in education
        ? new SteppedEducation(table, education, this.missing, this.rules.undatedDegree)
        : this.field(education, "education", textOf("education"));
    this.titles = new RowTitles(table, map, this.rules, this.missing, this.account);
    this.years = new Int32Array(table.size);
    this.titleOf = new Array(table.size);
  }

  private field<T>(
    map: MappedField | undefined,
    name: string,
    read: (cell: string, decimalComma: boolean) => T,
    kind: ColumnKind = "text",
  ): Field<T> | undefined {
    return map === undefined ? undefined : new Field(this.table, map, name, this.missing, read, kind);
  }

  read(name?: string, surveyTag?: string): CareerPanel {
    const careers: Career[] = [];
    for (const rows of this.rowsByPerson()) {
      const career = this.career(rows);
      if (career.observations.length > 0) careers.push(career);
    }
    this.titles.finish();
    this.notes(careers);
    const panelName = name ?? this.map.name ?? tableName(this.table.path);
    return withWhatItTells({
      name: panelName,
      surveyTag: surveyTag ?? this.map.surveyTag ?? panelName,
      titles: this.titles.titles(),
      careers,
      rows: this.account,
    });
  }

  /** The rows that no rule drops, by person in the order of the file, each person's by year. */
  private rowsByPerson(): Int32Array[] {
    const drops = (this.rules.drop ?? []).map(({ where, because }) => ({
      test: conditionTest(this.table, where),
      because,
    }));
    const kept = new Int32List();
    const { codes, values } = this.person.column;
    const ends = new Int32Array(values.length); // (persons), first as counts
    for (let row = 0; row < this.table.size; row++) {
      const drop = drops.find(({ test }) => test(row));
      if (drop !== undefined) {
        this.account.drop(drop.because);
        continue;
      }
      this.person.need(row);
      this.years[row] = this.year.need(row);
      this.titleOf[row] = this.titles.of(row);
      kept.push(row);
      ends[codes[row]]++;
    }
    const order = new Int32Array(kept.length);
    for (let i = 1; i < ends.length; i++) ends[i] += ends[i - 1];
    for (let i = kept.length - 1; i >= 0; i--) order[--ends[codes[kept.get(i)]]] = kept.get(i);
    // `ends` has moved to the starts.
    return Array.from(ends, (start, i) =>
      this.byYear(order.subarray(start, ends[i + 1] ?? order.length)),
    ).filter((rows) => rows.length > 0);
  }

  private byYear(rows: Int32Array): Int32Array {
    const { years } = this;
    if (rows.some((row, i) => i > 0 && years[row] <= years[rows[i - 1]])) {
      rows.sort((a, b) => years[a] - years[b] || a - b);
      const second = rows.find((row, i) => i > 0 && years[row] === years[rows[i - 1]]);
      if (second !== undefined) {
        const first = rows[rows.indexOf(second) - 1];
        throw this.person.error(
          second,
          `person ${clip(this.person.get(second)!)} has a second row for ${years[second]}, the first at ${this.table.placeOf(first)}`,
          "Keep one job per person and year.",
        );
      }
    }
    return rows;
  }

  private career(rows: Int32Array): Career {
    const covariates: Covariates = {};
    for (const name of ["gender", "ethnicity", "region"] as const) {
      const value = earliest(this.words[name], rows);
      if (value !== undefined) covariates[name] = value;
    }
    const birthYear = this.birthYearOf(rows);
    if (birthYear !== undefined) covariates.birthYear = birthYear;
    const levels =
      this.education instanceof SteppedEducation ? this.education.of(rows, this.years, birthYear) : undefined;
    const observations: Observation[] = [];
    rows.forEach((row, i) => {
      const title = this.titleOf[row];
      if (title === undefined) return;
      const observation: Observation = { year: this.years[row], title };
      const education =
        levels === undefined ? (this.education as Field<string> | undefined)?.get(row) : levels[i];
      if (education !== undefined) observation.education = education;
      const weight = this.weight?.get(row);
      if (weight !== undefined) observation.weight = weight;
      observations.push(observation);
    });
    this.account.use(observations.length);
    return { person: this.person.get(rows[0])!, covariates, observations };
  }

  private birthYearOf(rows: Int32Array): number | undefined {
    const first = this.years[rows[0]];
    for (const row of rows) {
      const age = this.age?.get(row);
      if (age !== undefined) return this.bornAt(row, age);
      const birthYear = this.birthYear?.get(row);
      if (birthYear === undefined) continue;
      if (birthYear <= first) return birthYear;
      throw this.birthYear!.error(
        row,
        `person ${clip(this.person.get(row)!)} is born in ${birthYear}, after the first year, ${first}`,
        "Fix the birth year or leave it empty.",
      );
    }
    return undefined;
  }

  private bornAt(row: number, age: number): number {
    const birthYear = this.years[row] - age;
    const wrong = yearProblem("birthYear", birthYear);
    if (wrong === undefined) return birthYear;
    throw this.age!.error(
      row,
      `age ${age} in ${this.years[row]}: ${wrong.problem}`,
      "Fix the row or leave the age out.",
    );
  }

  private notes(careers: readonly Career[]): void {
    const persons = this.person.column.values.length;
    const unused = persons - careers.length;
    this.account.note(
      persons,
      `persons in the file; ${unused === 0 ? "all" : careers.length} have a row that is used`,
    );
    if (this.education instanceof SteppedEducation) this.education.note(this.account);
    for (const name of ["gender", "ethnicity", "region"] as const) {
      const none = careers.filter(({ covariates }) => covariates[name] === undefined).length;
      this.account.note(
        this.words[name]?.missingRows() ?? 0,
        `rows of the file without ${name}; persons without: ${none}`,
      );
    }
    const unborn = careers.filter(({ covariates }) => covariates.birthYear === undefined).length;
    if (this.birthYear ?? this.age) this.account.note(unborn, "persons without birth year");
    const { gender, ethnicity, region } = this.words;
    const education = this.education instanceof SteppedEducation ? undefined : this.education;
    for (const field of [this.birthYear, this.age, this.weight, education, gender, ethnicity, region]) {
      field?.note(this.account);
    }
    this.account.note(
      this.cellsRewritten,
      "cells put in one form of text: Unicode's form C, single plain spaces, nothing invisible",
    );
  }
}

/** The value of the first row that has one. */
function earliest<T>(field: Field<T> | undefined, rows: Int32Array): T | undefined {
  if (field === undefined) return undefined;
  for (const row of rows) {
    const value = field.get(row);
    if (value !== undefined) return value;
  }
  return undefined;
}
