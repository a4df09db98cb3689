import { readCsv } from "../files/csv";
import { dataFile } from "../files/data-folder";
import { type Occupation, occupationByCode } from "./occupations";

/**
 * A list of occupation codes. `census-2000` has three digits, `census-2002` is the same classification with four
 * (a zero at the end), `census-2005` is that of the American Community Survey of 2005 to 2009 with three.
 */
export type Vintage =
  | "census-1960"
  | "census-1970"
  | "census-1980"
  | "census-1990"
  | "census-2000"
  | "census-2002"
  | "census-2005"
  | "census-2010"
  | "occ1990dd";

/** From the codes of one vintage to the occupations of occ1990dd. */
export interface Crosswalk {
  readonly vintage: Vintage;
  /** Undefined: the vintage has no such code, or the code is no occupation ("unknown", "unemployed"). */
  toOccupation(code: number): Occupation | undefined;
}

/** The crosswalk of a vintage (Autor and Dorn 2013). */
export function crosswalk(vintage: Vintage): Crosswalk {
  if (vintage === "occ1990dd") return { vintage, toOccupation: occupationByCode };
  const targets = tables().get(vintage) as ReadonlyMap<number, number>;
  return {
    vintage,
    toOccupation: (code) => {
      const target = targets.get(code);
      return target === undefined ? undefined : occupationByCode(target);
    },
  };
}

type Tables = ReadonlyMap<string, ReadonlyMap<number, number>>;

let read: Tables | undefined;

function tables(): Tables {
  read ??= readTables();
  return read;
}

function readTables(): Tables {
  const table = readCsv(dataFile("occupations", "crosswalks.csv"));
  const [vintage, code, target] = ["vintage", "code", "occ1990dd"].map((name) => table.columnOf(name));
  const found = new Map<string, Map<number, number>>();
  for (const row of table.rows) {
    const rows = found.get(row[vintage]) ?? new Map<number, number>();
    rows.set(Number(row[code]), Number(row[target]));
    found.set(row[vintage], rows);
  }
  const threeDigits = found.get("census-2000") ?? new Map<number, number>();
  found.set("census-2002", new Map([...threeDigits].map(([code, target]) => [code * 10, target])));
  return found;
}
