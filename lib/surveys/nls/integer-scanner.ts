import { UserError } from "../../errors";
import { decodeText, longestLine } from "../../files";
import { lookOf, numberIn } from "../../numerals";
import { clip, quote as quoteText } from "../../quote";

const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const quote = 34;
const minus = 45;

/** What the scanner reads of each line. */
export interface ScanPlan {
  /** The file, for messages. */
  place: string;
  /** Lines before the first row. */
  firstLine: number;
  /** A blank, of which several are one, or another character, mostly a comma. */
  separator: number;
  /** The columns' names, for messages; a row has as many cells. */
  names: readonly string[];
  /** For each column, its place among the wanted ones, or -1. */
  slots: Int32Array;
  wanted: number;
}

/** The wanted columns of the rows, and the line of each row. */
export interface ScannedColumns {
  rows: number;
  columns: Int32Array[];
  lines: Int32Array;
}

/**
 * Reads whole numbers, maybe in quotes, from lines of separated cells, a chunk of bytes at a time; cells of columns
 * that are not wanted are skipped unread. Lines end by "\n", "\r\n" or "\r"; empty lines are passed over.
 */
export class IntegerScanner {
  private readonly columns: Int32Array<ArrayBuffer>[];
  private lines = new Int32Array(1024);
  private rows = 0;
  private line: number;
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly plan: ScanPlan) {
    this.line = plan.firstLine;
    this.columns = Array.from({ length: plan.wanted }, () => new Int32Array(1024));
  }

  /** @throws UserError with file and line: a row of too few or too many cells, a wanted cell that is no whole number */
  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let cut = bytes.lastIndexOf(lineFeed) + 1;
    // A last "\r" may be the first half of "\r\n".
    if (cut === 0) cut = bytes.lastIndexOf(carriageReturn, bytes.length - 2) + 1;
    if (cut === 0 || bytes.length === 0) {
      if (this.rest.length > longestLine) {
        throw new UserError(
          `${this.plan.place}:${this.line + 1}: a line of more than ${longestLine / 2 ** 20} MiB`,
          "Give the file as NLS Investigator made it, or download it again.",
        );
      }
      this.rest = Buffer.concat([this.rest, bytes]);
      return;
    }
    const from = this.rest.length === 0 ? 0 : this.finishRest(bytes);
    this.scan(bytes, from, cut);
    this.rest = Buffer.from(bytes.subarray(cut));
  }

  end(): ScannedColumns {
    if (this.rest.length > 0) {
      const last = Buffer.concat([this.rest, Buffer.from("\n")]);
      this.scan(last, 0, last.length);
    }
    const { rows } = this;
    return {
      rows,
      columns: this.columns.map((column) => column.subarray(0, rows)),
      lines: this.lines.subarray(0, rows),
    };
  }

  /** Completes the line that the last chunk began; the place in the bytes after it. */
  private finishRest(bytes: Buffer): number {
    let end = 0;
    while (bytes[end] !== lineFeed && bytes[end] !== carriageReturn) end++;
    end += bytes[end] === carriageReturn && bytes[end + 1] === lineFeed ? 2 : 1;
    const line = Buffer.concat([this.rest, bytes.subarray(0, end)]);
    this.scan(line, 0, line.length);
    return end;
  }

  /** Scans whole lines: the byte before `end` ends a line, so no loop below runs past it. */
  private scan(bytes: Buffer, start: number, end: number): void {
    const { separator, slots } = this.plan;
    const width = slots.length;
    const spaced = separator === space;
    const { columns } = this;
    let at = start;
    while (at < end) {
      this.line++;
      while (bytes[at] === space) at++;
      if (bytes[at] !== lineFeed && bytes[at] !== carriageReturn) {
        if (this.rows === this.lines.length) this.grow();
        const row = this.rows;
        let cells = 0;
        for (;;) {
          const slot = cells < width ? slots[cells] : -1;
          const cell = at;
          let byte = bytes[at];
          if (slot === -1) {
            if (byte === quote) at = afterQuoted(bytes, at);
            for (byte = bytes[at]; byte !== separator && byte !== lineFeed && byte !== carriageReturn; ) {
              byte = bytes[++at];
            }
          } else {
            const quoted = byte === quote;
            if (quoted) byte = bytes[++at];
            const negative = byte === minus;
            if (negative) byte = bytes[++at];
            let value = 0;
            const first = at;
            while (byte >= 48 && byte <= 57) {
              value = value * 10 + byte - 48;
              byte = bytes[++at];
            }
            const digits = at - first;
            const closed = quoted && byte === quote;
            if (closed) byte = bytes[++at];
            const ended = byte === separator || byte === lineFeed || byte === carriageReturn;
            if (digits === 0 || digits > 10 || value > 0x7fffffff || quoted !== closed || !ended) {
              at = this.endOf(bytes, cell);
              byte = bytes[at];
              value = this.otherForm(bytes, cell, at, cells);
              columns[slot][row] = value;
            } else columns[slot][row] = negative ? -value : value;
          }
          cells++;
          if (byte !== separator) break;
          at++;
          if (spaced) {
            while (bytes[at] === space) at++;
            if (bytes[at] === lineFeed || bytes[at] === carriageReturn) break;
          }
        }
        if (cells !== width) this.refuseWidth(cells);
        this.lines[row] = this.line;
        this.rows++;
      }
      at += bytes[at] === carriageReturn && bytes[at + 1] === lineFeed ? 2 : 1;
    }
  }

  private grow(): void {
    const size = this.lines.length * 2;
    this.lines = longer(this.lines, size);
    for (let i = 0; i < this.columns.length; i++) this.columns[i] = longer(this.columns[i], size);
  }

  /** The end of a cell, at a separator or a line's end. */
  private endOf(bytes: Buffer, start: number): number {
    let at = bytes[start] === quote ? afterQuoted(bytes, start) : start;
    while (bytes[at] !== this.plan.separator && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at++;
    return at;
  }

  /** A whole number that is not written in digits alone, such as 2e3. @throws UserError if the cell holds none */
  private otherForm(bytes: Buffer, start: number, end: number, cell: number): number {
    const { place, names } = this.plan;
    const text = decodeText(bytes.subarray(start, end));
    const inside = text.trim().replace(/^"(.*)"$/, "$1");
    const value = numberIn(inside);
    if (Number.isInteger(value) && Math.abs(value) <= 0x7fffffff) return value;
    throw new UserError(
      `${place}:${this.line}: ${quoteText(inside)} is not a whole number${lookOf(inside)} (column ${clip(names[cell])})`,
      "Give the file as NLS Investigator made it.",
    );
  }

  private refuseWidth(cells: number): never {
    const { place, names } = this.plan;
    throw new UserError(
      `${place}:${this.line}: the row has ${cells} cells where the file has ${names.length} variables`,
      "Give the file as NLS Investigator made it, or download it again.",
    );
  }
}

function afterQuoted(bytes: Buffer, at: number): number {
  let byte = bytes[++at];
  while (byte !== quote && byte !== lineFeed && byte !== carriageReturn) byte = bytes[++at];
  return byte === quote ? at + 1 : at;
}

function longer(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(size);
  grown.set(array);
  return grown;
}
