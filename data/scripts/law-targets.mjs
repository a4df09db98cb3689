// data/law/calibration.csv, looked up.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { readCsv } = require("../../lib/dist/files/csv.js");
const { dataFile } = require("../../lib/dist/files/data-folder.js");

const file = readCsv(dataFile("law", "calibration.csv"));
/** table -> given -> { n, outcome -> share } */
const calibration = new Map();
for (const [table, given, outcome, share, n] of file.rows) {
  if (!calibration.has(table)) calibration.set(table, new Map());
  const byGiven = calibration.get(table);
  if (!byGiven.has(given)) byGiven.set(given, { n: Number(n), shares: new Map() });
  byGiven.get(given).shares.set(outcome, Number(share));
}
/** Share of the outcome among the person-years of the given; undefined where the cell is suppressed. */
export const target = (table, given, outcome) => calibration.get(table).get(String(given))?.shares.get(String(outcome));
/** Person-years of the given. */
export const total = (table, given) => calibration.get(table).get(String(given))?.n ?? 0;
