import { UserError } from "../../errors";
import { separatorOf, twiceNamed } from "../../files";
import { lookOf } from "../../numerals";
import { clip, quote as quoteText } from "../../quote";
import { numberOf } from "../field";
import { Missing } from "../missing";
import { Column } from "./column";
import { forEachLine } from "./lines";
import { badNumber, parseNumber } from "./number";
import type { SourceFile } from "./source";

const quote = 0x22;
const remedy = "Download the csv again.";

const missing = new Missing("number", undefined);

/**
 * Reads the wanted variables of a csv export, whose first line names the variables. Every cell is a number or missing.
 * What parts cells is found in the header: programs save a csv anew with semicolons or tabs.
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
  let separator = ",";
  let parting = separator.charCodeAt(0);
  let targets: (Column | undefined)[] = [];
  let rows = 0;
  const otherForm = (buffer: Buffer, from: number, to: number, line: number, cell: number): number => {
    const text = buffer.toString("latin1", from, to);
    const value = numberOf(text, separator === ";");
    if (Number.isFinite(value)) return value;
    if (missing.has(text.trim())) return Number.NaN;
    const what = `${clip(header![cell])} is ${quoteText(text)}, no number${lookOf(text)}`;
    throw new UserError(`${file.place}:${line}: ${what}`, remedy);
  };
  forEachLine(file.place, file.chunks(), (buffer, start, end, line) => {
    if (header === undefined) {
      const names = buffer.toString("latin1", start, end);
      if (line === 1 && isSeparatorLine(names)) return;
      separator = separatorOf(names);
      parting = separator.charCodeAt(0);
      header = variablesOf(names);
      const twice = twiceNamed(header);
      if (twice !== undefined) {
        throw new UserError(`${file.place}:${line}: two columns are called ${quoteText(twice)}`, remedy);
      }
      for (const name of header) if (wanted(name)) columns.set(name, new Column());
      targets = header.map((name) => columns.get(name));
      return;
    }
    let cell = 0;
    for (let from = start; from <= end; cell++) {
      let to = buffer.indexOf(parting, from);
      if (to === -1 || to > end) to = end;
      const target = targets[cell];
      if (target !== undefined) {
        const quoted = to - from >= 2 && buffer[from] === quote && buffer[to - 1] === quote ? 1 : 0;
        const value = parseNumber(buffer, from + quoted, to - quoted);
        target.push(value === badNumber ? otherForm(buffer, from + quoted, to - quoted, line, cell) : value);
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

/** Excel's first line `sep=;`, after which the header comes. */
export function isSeparatorLine(line: string): boolean {
  return /^"?sep=."?$/i.test(line);
}

/** The variables that a header names. */
export function variablesOf(header: string): string[] {
  return header.split(separatorOf(header)).map((name) =>
    name
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .toUpperCase(),
  );
}
