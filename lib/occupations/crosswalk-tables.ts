import { dataFile, readCsv } from "../files";

/**
 * The lists of occupation codes. `census-2000` has three digits; `census-2002` is the same classification with
 * four, a zero at the end; `census-2005` is that of the American Community Survey of 2005 to 2009, three digits.
 */
export const vintages = [
  "census-1960",
  "census-1970",
  "census-1980",
  "census-1990",
  "census-2000",
  "census-2002",
  "census-2005",
  "census-2010",
  "occ1990dd",
] as const;

export type Vintage = (typeof vintages)[number];

/** Codes of occ1990dd that the crosswalks give to what is no occupation. */
export const nonOccupations: ReadonlyMap<number, string> = new Map([
  [991, "unemployed"],
  [999, "not applicable or unknown"],
]);

/** From a vintage's codes to those of occ1990dd, `nonOccupations` among them. */
export type CodeTable = ReadonlyMap<number, number>;

interface Tables {
  /** The crosswalks of Autor and Dorn (2013). */
  published: ReadonlyMap<string, CodeTable>;
  /** The same, with the codes that they lack and we add. */
  completed: ReadonlyMap<string, CodeTable>;
}

let kept: Tables | undefined;

/** The table of a vintage other than `occ1990dd`, whose codes need none. */
export function codeTable(vintage: Exclude<Vintage, "occ1990dd">, additions: boolean): CodeTable {
  kept ??= readTables();
  return (additions ? kept.completed : kept.published).get(vintage) as CodeTable;
}

function readTables(): Tables {
  const published = read("crosswalks.csv");
  // Autor and Dorn have a file for the public-use sample of 2000 and one for the American Community Survey. The
  // classification is one, and what both files hold agrees.
  const classification = new Map([
    ...tableOf(published, "census-2005"),
    ...tableOf(published, "census-2000"),
  ]);
  const added = read("additions.csv");
  const completed = new Map<string, CodeTable>(
    [...published].map(([vintage, table]) => [vintage, new Map([...table, ...tableOf(added, vintage)])]),
  );
  published.set("census-2002", withZero(classification));
  completed.set("census-2002", withZero(new Map([...classification, ...tableOf(completed, "census-2000")])));
  return { published, completed };
}

function read(file: string): Map<string, CodeTable> {
  const table = readCsv(dataFile("occupations", file));
  const [vintage, code, target] = ["vintage", "code", "occ1990dd"].map((name) => table.columnOf(name));
  const found = new Map<string, Map<number, number>>();
  for (const row of table.rows) {
    const codes = found.get(row[vintage]) ?? new Map<number, number>();
    codes.set(Number(row[code]), Number(row[target]));
    found.set(row[vintage], codes);
  }
  return found;
}

function tableOf(tables: ReadonlyMap<string, CodeTable>, vintage: string): CodeTable {
  return tables.get(vintage) ?? new Map();
}

function withZero(table: CodeTable): CodeTable {
  return new Map([...table].map(([code, target]) => [code * 10, target]));
}
