import { UserError } from "../../errors";
import { quote } from "../../quote";
import { Column } from "./column";
import { type Field, type Layout, spell } from "./layout";
import { forEachLine } from "./lines";
import { badNumber, parseNumber } from "./number";
import type { SourceFile } from "./source";

/**
 * Reads the wanted variables of a fixed-width file.
 * @returns their columns and the number of records
 * @throws UserError with file and line: columns outside the records, records of unequal length, text where a number
 * should be, another number of records than the statements say
 */
export function readFixedWidth(
  file: SourceFile,
  layout: Layout,
  wanted: (variable: string) => boolean,
): { rows: number; columns: Map<string, Column> } {
  const chosen = layout.fields.filter(({ variable }) => wanted(variable));
  const columns = chosen.map(() => new Column());
  const starts = Int32Array.from(chosen, ({ start }) => start - 1);
  const ends = Int32Array.from(chosen, ({ end }) => end);
  const scales = chosen.map(({ decimals }) => 10 ** decimals);
  const text = chosen.find((field) => field.text);
  if (text !== undefined) {
    throw new UserError(`${layout.place}:${text.line}: ${text.variable} is text, not a number`, remedy);
  }
  let rows = 0;
  let length = -1;
  forEachLine(file.place, file.chunks(), (buffer, start, end, line) => {
    if (length === -1) {
      length = end - start;
      checkLength(file, layout, buffer.subarray(start, end), line);
    } else if (end - start !== length) {
      throw new UserError(
        `${file.place}:${line}: the record has ${end - start} characters, the first has ${length}`,
        remedy,
      );
    }
    for (let k = 0; k < columns.length; k++) {
      let value = parseNumber(buffer, start + starts[k], start + ends[k]);
      if (value === badNumber) {
        const found = buffer.toString("latin1", start + starts[k], start + ends[k]);
        throw new UserError(
          `${file.place}:${line}: ${spell(chosen[k])} is ${quote(found)}, no number`,
          remedy,
        );
      }
      // SPSS: decimals count only where the field writes no point itself.
      if (scales[k] !== 1 && !buffer.subarray(start + starts[k], start + ends[k]).includes(point)) {
        value /= scales[k];
      }
      columns[k].push(value);
    }
    rows++;
  });
  if (layout.records !== undefined && layout.records !== rows) {
    throw new UserError(
      `${file.place}: the file has ${rows} records, its statements (${layout.place}) say ${layout.records}`,
      remedy,
    );
  }
  if (rows === 0) throw new UserError(`${file.place}: the file has no records`, remedy);
  return { rows, columns: new Map(chosen.map(({ variable }, k) => [variable, columns[k]])) };
}

const remedy = "Download the data and its statements again, from the same job.";
const point = 0x2e;

function checkLength(file: SourceFile, layout: Layout, record: Buffer, line: number): void {
  const last = layout.fields.reduce((a: Field, b: Field) => (b.end > a.end ? b : a));
  const problem =
    last.end > record.length
      ? `${spell(last)}`
      : record.subarray(last.end).every((byte) => byte === 0x20)
        ? undefined
        : `the last variable is ${spell(last)}`;
  if (problem === undefined) return;
  throw new UserError(
    `${layout.place}:${last.line}: ${problem}, but the records have ${record.length} characters (${file.place}:${line})`,
    remedy,
  );
}
