import { isUtf8 } from "node:buffer";
import { UserError } from "../errors";
import { quote as quoted } from "../quote";
import { DistinctCells } from "./distinct-cells";
import { separatorLine, separatorOf } from "./separator";
import { Int32List, Table, type TableColumn, type TableOptions } from "./table";
import { readBytes } from "./text";

/** How a CSV file is written. */
export interface CsvOptions extends TableOptions {
  /** As the WHATWG names it, for example "windows-1252"; UTF-8 unless told. */
  encoding?: string;
  /** One ASCII character; unless told, what Excel's line `sep=;` says, or `separatorOf` the header. */
  separator?: string;
}

/**
 * Reads a CSV file, or text whose cells tabs or semicolons part, unpacked where its name ends in `.gz`: quotes as in RFC 4180, lines that end in "\n", "\r\n" or
 * "\r" in any mixture, the first line names the columns. Empty lines are skipped. Packages for CSV make a string of
 * each cell and forget its line; here a cell is looked up as bytes, and each row keeps its line.
 * @throws UserError with file and line: missing, empty, cut short or not in its encoding; a quote that is not
 * closed; a column named twice; a row with more or fewer cells than columns
 */
export function readCsv(path: string, options: CsvOptions = {}): Table {
  const bytes = asUtf8(path, readBytes(path, "Give the path of a CSV file."), options.encoding);
  const told = separatorLine(bytes);
  const separator = options.separator ?? told?.separator ?? separatorOf(firstLine(bytes), path);
  const scanner = new Scanner(path, bytes, separator.charCodeAt(0), told?.end);
  const header = scanner.header();
  const kept = new Set(options.keep?.(header) ?? header);
  const cells = header.map((name) => (kept.has(name) ? new DistinctCells(bytes) : undefined));
  const lines = scanner.rows(cells);
  if (lines.length === 0) {
    throw new UserError(
      `${path}: the file has no rows`,
      "Give a header line that names the columns, and one line per row.",
    );
  }
  const columns = new Map<string, TableColumn>();
  header.forEach((name, i) => {
    const column = cells[i];
    if (column !== undefined)
      columns.set(name, { name, values: column.values(), codes: column.codes.toArray() });
  });
  return new Table(
    path,
    header,
    lines.length,
    columns,
    (row) => `${path}:${row < 0 ? scanner.headerLine : lines.get(row)}`,
    separator === ";",
  );
}

function firstLine(bytes: Buffer): string {
  return /^[\r\n]*([^\r\n]*)/.exec(bytes.toString("latin1", 0, 1 << 20))![1];
}

/** The bytes as UTF-8, without byte-order mark. */
function asUtf8(path: string, bytes: Buffer, encoding = "utf-8"): Buffer {
  const label = encoding.toLowerCase();
  if (label !== "utf-8" && label !== "utf8") return Buffer.from(new TextDecoder(label).decode(bytes), "utf8");
  if (!isUtf8(bytes)) {
    throw new UserError(
      `${path}:${lineOfWrongByte(bytes)}: the text is not UTF-8`,
      'Save the file as UTF-8, or name its encoding in a column map, for example "encoding": "windows-1252".',
    );
  }
  return bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

function lineOfWrongByte(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end;
  }
  return line;
}

function nameOf(separator: number): string {
  return { 44: "a comma", 59: "a semicolon", 9: "a tab" }[separator] ?? "the separator";
}

const quote = 0x22;
const newline = 0x0a;
const carriageReturn = 0x0d;

/** Walks through the bytes of a file, cell by cell. */
class Scanner {
  private at = 0;
  /** Line that `at` is on. */
  private line = 1;
  /** Hash of the cell read last (FNV-1a), its first byte and the one after its last. */
  private hash = 0;
  private start = 0;
  private end = 0;
  headerLine = 1;

  constructor(
    private readonly path: string,
    private readonly bytes: Buffer,
    private readonly separator: number,
    /** Bytes of a first line that names the separator. */
    from = 0,
  ) {
    this.at = from;
    if (from > 0) this.line++;
  }

  header(): string[] {
    this.skipEmptyLines();
    if (this.at >= this.bytes.length) {
      throw new UserError(
        `${this.path}: the file has no header`,
        "Give a header line that names the columns.",
      );
    }
    this.headerLine = this.line;
    const header: string[] = [];
    do {
      this.cell();
      header.push(this.bytes.toString("utf8", this.start, this.end).replaceAll('""', '"'));
    } while (this.passSeparator());
    const twice = header.find((name, i) => header.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new UserError(
        `${this.path}:${this.headerLine}: two columns are called ${quoted(twice)}`,
        "Rename or remove one.",
      );
    }
    return header;
  }

  /** Reads all rows into the columns. @returns the line on which each row ends */
  rows(columns: readonly (DistinctCells | undefined)[]): Int32List {
    const lines = new Int32List();
    for (this.nextLine(); this.at < this.bytes.length; this.nextLine()) {
      let cells = 0;
      do {
        this.cell();
        if (cells < columns.length) columns[cells]?.add(this.start, this.end, this.hash);
        cells++;
      } while (this.passSeparator());
      if (cells !== columns.length) {
        throw new UserError(
          `${this.path}:${this.line}: the row has ${cells} cells, the header ${columns.length}`,
          `Complete the row; put a cell that contains ${nameOf(this.separator)} in double quotes.`,
        );
      }
      lines.push(this.line);
    }
    return lines;
  }

  private passSeparator(): boolean {
    if (this.bytes[this.at] !== this.separator || this.at >= this.bytes.length) return false;
    this.at++;
    return true;
  }

  private nextLine(): void {
    this.passLineEnd();
    this.skipEmptyLines();
  }

  private skipEmptyLines(): void {
    while (this.passLineEnd());
  }

  private passLineEnd(): boolean {
    const byte = this.bytes[this.at];
    if (byte !== newline && byte !== carriageReturn) return false;
    this.at += byte === carriageReturn && this.bytes[this.at + 1] === newline ? 2 : 1;
    this.line++;
    return true;
  }

  /** Reads a cell and stops after it, at a separator, a line's end or the file's. */
  private cell(): void {
    if (this.bytes[this.at] === quote) {
      this.quotedCell();
      return;
    }
    const { bytes, separator } = this;
    let hash = 0x811c9dc5 | 0;
    let i = this.at;
    this.start = i;
    for (; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === separator || byte === newline || byte === carriageReturn) break;
      if (byte === quote) throw this.quoteError("a double quote stands inside a cell", this.line);
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    this.hash = hash;
    this.end = this.at = i;
  }

  private quotedCell(): void {
    const { bytes, separator } = this;
    const openedOn = this.line;
    let hash = 0x811c9dc5 | 0;
    let i = this.at + 1;
    this.start = i;
    for (; ; i++) {
      if (i >= bytes.length)
        throw this.quoteError("the double quote that opens here is never closed", openedOn);
      const byte = bytes[i];
      if (byte === quote) {
        if (bytes[i + 1] !== quote) break;
        i++;
      } else if (byte === newline || (byte === carriageReturn && bytes[i + 1] !== newline)) this.line++;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    this.hash = hash;
    this.end = i;
    this.at = i + 1;
    const after = bytes[i + 1];
    if (i + 1 < bytes.length && after !== separator && after !== newline && after !== carriageReturn) {
      throw this.quoteError("a double quote stands inside a cell", this.line);
    }
  }

  private quoteError(problem: string, line: number): UserError {
    return new UserError(
      `${this.path}:${line}: ${problem}`,
      "Close every double quote, and double a quote inside a quoted cell.",
    );
  }
}
