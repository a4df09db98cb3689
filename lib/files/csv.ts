import { UserError } from "../errors";
import { quote as quoted } from "../quote";
import { ByteWindow } from "./byte-window";
import { contentChunks, longestLine } from "./chunks";
import { DistinctCells } from "./distinct-cells";
import { separatorLine, separatorOf } from "./separator";
import { Int32List, Table, type TableColumn, type TableOptions, twiceNamed } from "./table";
import { utf8Chunks } from "./utf8-chunks";

/** How a CSV file is written. */
export interface CsvOptions extends TableOptions {
  /** As the WHATWG names it, for example "windows-1252"; UTF-8 by default. */
  encoding?: string;
  /** One ASCII character; by default, what Excel's line `sep=;` says, or `separatorOf` the header. */
  separator?: string;
}

/**
 * Reads a CSV file, or text whose cells tabs or semicolons part, unpacked where its name ends in `.gz`: quotes as in RFC 4180, lines that end in "\n", "\r\n" or
 * "\r" in any mixture, the first line names the columns. Empty lines are skipped. Packages for CSV make a string of
 * each cell and forget its line; here a cell is looked up as bytes, and each row keeps its line. The file passes by in
 * pieces, so that one of any size takes the memory of its kept columns: four bytes a row, and each distinct cell once.
 * @throws UserError with file and line: missing, empty, cut short or not in its encoding; a quote that is not
 * closed; a column named twice; a row with more or fewer cells than columns; a cell of more than 16 MiB
 */
export function readCsv(path: string, options: CsvOptions = {}): Table {
  return readCsvChunks(path, () => contentChunks(path, "Give the path of a CSV file."), options);
}

/**
 * `readCsv` of a text that comes in pieces.
 * @param path of it, for messages
 * @param chunks its bytes, from the start at each call
 */
export function readCsvChunks(
  path: string,
  chunks: () => Iterable<Uint8Array>,
  options: CsvOptions = {},
): Table {
  const window = new ByteWindow(utf8Chunks(path, chunks, options.encoding));
  try {
    return readTable(path, window, options);
  } finally {
    window.close();
  }
}

function readTable(path: string, window: ByteWindow, options: CsvOptions): Table {
  const head = headOf(window);
  const told = separatorLine(head);
  const separator = options.separator ?? told?.separator ?? separatorOf(firstLine(head), path);
  const scanner = new Scanner(path, window, separator.charCodeAt(0), told?.end);
  const header = scanner.header();
  const kept = new Set(options.keep?.(header) ?? header);
  const cells = header.map((name) =>
    kept.has(name) ? new DistinctCells(`${path}: the column ${quoted(name)}`) : undefined,
  );
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

/** The bytes up to the first line that is not empty, or a megabyte of them. */
function headOf(window: ByteWindow): Buffer {
  const head = () => Buffer.from(window.bytes.buffer, window.bytes.byteOffset, window.bytes.byteLength);
  while (!/[^\r\n][\r\n]/.test(head().toString("latin1", 0, 1 << 20)) && head().length < 1 << 20) {
    if (!window.advance(0)) break;
  }
  return head();
}

function firstLine(bytes: Buffer): string {
  return /^[\r\n]*([^\r\n]*)/.exec(bytes.toString("latin1", 0, 1 << 20))![1];
}

function nameOf(separator: number): string {
  return { 44: "a comma", 59: "a semicolon", 9: "a tab" }[separator] ?? "the separator";
}

const quote = 0x22;
const newline = 0x0a;
const carriageReturn = 0x0d;

/** Walks through the bytes of a file, cell by cell. Places are those in the window, from which nothing before `start` is needed. */
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
    private readonly window: ByteWindow,
    private readonly separator: number,
    /** Bytes of a first line that names the separator. */
    from = 0,
  ) {
    this.at = from;
    if (from > 0) this.line++;
  }

  header(): string[] {
    this.skipEmptyLines();
    if (this.peek() === undefined) {
      throw new UserError(
        `${this.path}: the file has no header`,
        "Give a header line that names the columns.",
      );
    }
    this.headerLine = this.line;
    const header: string[] = [];
    do {
      this.cell();
      const cell = this.window.bytes.subarray(this.start, this.end);
      header.push(Buffer.from(cell).toString("utf8").replaceAll('""', '"'));
    } while (this.passSeparator());
    const twice = twiceNamed(header);
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
    for (this.nextLine(); this.peek() !== undefined; this.nextLine()) {
      let cells = 0;
      do {
        this.cell();
        if (cells < columns.length) columns[cells]?.add(this.window.bytes, this.start, this.end, this.hash);
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

  /** The next byte, undefined at the end of the file. */
  private peek(): number | undefined {
    if (this.at >= this.window.bytes.length) {
      this.start = this.at;
      this.more();
    }
    return this.window.bytes[this.at];
  }

  /** Moves the window on, so that `start` becomes 0. @returns by how much places are smaller now; -1 at the end of the file */
  private more(): number {
    const { start, window } = this;
    if (window.bytes.length - start > longestLine) {
      throw new UserError(
        `${this.path}:${this.line}: a cell of more than ${longestLine / 2 ** 20} MiB`,
        "This is no CSV file, or it is damaged, or lacks a quote or a line end there.",
      );
    }
    if (!window.advance(start)) return -1;
    this.at -= start;
    this.start = 0;
    return start;
  }

  private passSeparator(): boolean {
    if (this.peek() !== this.separator) return false;
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
    const byte = this.peek();
    if (byte !== newline && byte !== carriageReturn) return false;
    this.at++;
    if (byte === carriageReturn && this.peek() === newline) this.at++;
    this.line++;
    return true;
  }

  /** Reads a cell and stops after it, at a separator, a line's end or the file's. */
  private cell(): void {
    if (this.peek() === quote) {
      this.quotedCell();
      return;
    }
    const { separator } = this;
    let { bytes } = this.window;
    let hash = 0x811c9dc5 | 0;
    let i = this.at;
    this.start = i;
    for (; ; i++) {
      if (i >= bytes.length) {
        const shift = this.more();
        if (shift === -1) break;
        i -= shift;
        bytes = this.window.bytes;
      }
      const byte = bytes[i];
      if (byte === separator || byte === newline || byte === carriageReturn) break;
      if (byte === quote) throw this.quoteError("a double quote stands inside a cell", this.line);
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    this.hash = hash;
    this.end = this.at = i;
  }

  private quotedCell(): void {
    const openedOn = this.line;
    let { bytes } = this.window;
    let hash = 0x811c9dc5 | 0;
    let i = this.at + 1;
    this.start = i;
    for (; ; i++) {
      // The next byte tells what a quote or a "\r" means.
      while (i + 1 >= bytes.length) {
        const shift = this.more();
        if (shift === -1) break;
        i -= shift;
        bytes = this.window.bytes;
      }
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
    const after: number | undefined = bytes[i + 1];
    const ended = after === undefined || after === this.separator;
    if (!ended && after !== newline && after !== carriageReturn) {
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
