import { dataFile, readCsv } from "../../files";

let rates: Map<number, number> | undefined;
let mean = 0;

/** Points of the year's unemployment rate above the mean of all years; 0 in a year that the table leaves out. */
export function slackOf(year: number): number {
  if (rates === undefined) {
    const table = readCsv(dataFile("law", "unemployment.csv"));
    const [at, rate] = [table.columnOf("year"), table.columnOf("rate")];
    rates = new Map(table.rows.map((row) => [Number(row[at]), Number(row[rate])]));
    mean = [...rates.values()].reduce((a, b) => a + b, 0) / rates.size;
  }
  return (rates.get(year) ?? mean) - mean;
}
