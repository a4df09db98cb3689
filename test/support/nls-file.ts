import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a csv as NLS Investigator does: a column for each reference number, in the order given. */
export function writeNlsCsv(folder: string, columns: Record<string, readonly number[]>): string {
  const names = Object.keys(columns);
  const count = columns[names[0]].length;
  const rows = Array.from({ length: count }, (_, row) => names.map((name) => columns[name][row]).join(","));
  const path = join(folder, "made.csv");
  writeFileSync(path, [names.map((name) => `"${name}"`).join(","), ...rows, ""].join("\n"));
  return path;
}
