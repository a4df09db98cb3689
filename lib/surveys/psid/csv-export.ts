import { UserError } from "../../errors";
import { twiceNamed } from "../../files/table";
import { Column } from "./column";
import { forEachLine } from "./lines";
import { badNumber, parseNumber } from "./number";
import type { SourceFile } from "./source";

const comma = 0x2c;
const quote = 0x22;
const remedy = "Download the csv again.";

/**
 * Reads the wanted variables of a csv export, whose first line names the variables. Every cell is a number or empty.
 * @returns their columns and the number of rows
 * @throws UserError with file and line: a variable named twice, a row with more or fewer cells, text where a number
 * should be
 */
export function readCsvExport(
  file: SourceFile,
  wanted: (variable: string) => boolean,
): { rows: number; columns: Map<string, Column> } {
  const columns = new Map<string, Column>();
  let header: string[] | undefined;
  let targets: (Column | undefined)[] = [];
  let rows = 0;
  forEachLine(file.place, file.chunks(), (buffer, start, end, line) => {
    if (header === undefined) {
      header = variablesOf(buffer.toString("latin1", start, end));
      const twice = twiceNamed(header);
      if (twice !== undefined) {
        throw new UserError(`${file.place}:${line}: two columns are called "${twice}"`, remedy);
      }
      for (const name of header) if (wanted(name)) columns.set(name, new Column());
      targets = header.map((name) => columns.get(name));
      return;
    }
    let cell = 0;
    for (let from = start; from <= end; cell++) {
      let to = buffer.indexOf(comma, from);
      if (to === -1 || to > end) to = end;
      const target = targets[cell];
      if (target !== undefined) {
        const quoted = to - from >= 2 && buffer[from] === quote && buffer[to - 1] === quote ? 1 : 0;
        const value = parseNumber(buffer, from + quoted, to - quoted);
        if (value === badNumber) {
          const found = buffer.toString("latin1", from, to);
          throw new UserError(`${file.place}:${line}: ${header[cell]} is "${found}", no number`, remedy);
        }
        target.push(value);
      }
      from = to + 1;
    }
    if (cell !== header.length) {
      throw new UserError(
        `${file.place}:${line}: the row has ${cell} cells, the header names ${header.length} variables`,
        remedy,
      );
    }
    rows++;
  });
  if (rows === 0) throw new UserError(`${file.place}: the file has no rows`, remedy);
  return { rows, columns };
}

/** The variables that a header names. */
export function variablesOf(header: string): string[] {
  return header.split(",").map((name) =>
    name
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .toUpperCase(),
  );
}
