import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { dataFile } from "../files";
import type { CheckedPanelMap, MappedColumns, MappedField } from "./panel-map";
import { readPanelMap } from "./panel-map-check";

const extension = /\.(csv|tsv|tab|txt|parquet)(\.gz)?$/i;

/** Whether a file's name is that of a table of person-years: CSV or text (also `.gz`), or Parquet. */
export function isTableFile(path: string): boolean {
  return extension.test(path);
}

/** `nlsy97` of `folder/nlsy97.csv.gz`. */
export function tableName(path: string): string {
  return basename(path).replace(extension, "");
}

/**
 * The column map of a file where none is named: `X.map.json` beside `X.csv`, `X.csv.gz` or `X.parquet`; else the map
 * of the folder data/maps that names the file. Undefined without either.
 * @throws UserError if the map is not as it should be
 */
export function mapOfFile(path: string): CheckedPanelMap | undefined {
  const beside = extension.test(path) ? mapBeside(path) : undefined;
  if (beside !== undefined) return readPanelMap(beside);
  const name = basename(path).replace(/\.gz$/i, "").toLowerCase();
  const folder = dataFile("maps");
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".json")) continue;
    const map = readPanelMap(join(folder, file));
    if (map.files?.some((one) => one.toLowerCase() === name)) return map;
  }
  return undefined;
}

/** `X.map.json`, in whatever capitals, beside `X.csv`. */
function mapBeside(path: string): string | undefined {
  const exact = `${path.replace(extension, "")}.map.json`;
  if (existsSync(exact)) return exact;
  const folder = dirname(path);
  const wanted = basename(exact).toLowerCase();
  try {
    const found = readdirSync(folder).find((name) => name.toLowerCase() === wanted);
    return found === undefined ? undefined : join(folder, found);
  } catch {
    return undefined; // the reader of the file itself will say what is wrong with the folder
  }
}

const optional = {
  education: "education",
  gender: "gender",
  ethnicity: "ethnicity",
  region: "region",
  birthYear: "birth_year",
  weight: "weight",
};

/** The map of files without one: person, year, title and, of the rest, the columns that there are. */
export function standardMap(header: readonly string[]): CheckedPanelMap {
  const columns: MappedColumns<never> = {
    person: { column: "person" },
    year: { column: "year" },
    occupation: { column: "title" },
  };
  for (const [field, column] of Object.entries(optional) as [keyof typeof optional, string][]) {
    if (header.includes(column)) columns[field] = { column };
  }
  return { columns };
}

/** All columns that a map reads. */
export function columnsOf(map: CheckedPanelMap): Set<string> {
  const names = new Set<string>();
  const { state, education, ...fields } = map.columns;
  for (const field of Object.values(fields) as (MappedField | undefined)[])
    if (field) names.add(field.column);
  if (fields.occupation?.compare) names.add(fields.occupation.compare.column);
  const conditions = (map.rules?.drop ?? []).map(({ where }) => where);
  if (Array.isArray(state)) conditions.push(...state.map(({ where }) => where));
  else if (state) names.add(state.column);
  if (education && "steps" in education) {
    for (const { since, once } of education.steps) {
      if (since !== undefined) names.add(since);
      if (once !== undefined) conditions.push(once);
    }
    if (education.unknown) conditions.push(education.unknown);
    if (education.undated) names.add(education.undated.column);
  } else if (education) names.add(education.column);
  for (const condition of conditions) for (const name of Object.keys(condition)) names.add(name);
  return names;
}
