import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { CsvError, type Options, parse } from "csv-parse/sync";
import { UserError } from "../errors";

const settings: Options = { bom: true, skip_empty_lines: true, relax_column_count: true };

/** A comma-separated file with a header line, all in memory: every row has one cell per column. */
export class CsvTable {
  private lines: number[] | undefined;

  constructor(
    readonly path: string,
    readonly header: readonly string[],
    readonly rows: readonly (readonly string[])[],
    private readonly bytes: Buffer,
  ) {}

  /** The place of a row's cell among the columns. @throws UserError if there is no such column */
  columnOf(name: string): number {
    const at = this.header.indexOf(name);
    if (at !== -1) return at;
    throw new UserError(
      `${this.path}:1: there is no column "${name}" (the columns are ${this.header.join(", ")})`,
      `Add the column or name it "${name}".`,
    );
  }

  /** The line on which a row ends. Only errors need it, so the lines are counted at the first call. */
  lineOf(row: number): number {
    this.lines ??= linesOf(this.bytes);
    return this.lines[row + 1];
  }

  /** `careers.csv:1204` */
  placeOf(row: number): string {
    return `${this.path}:${this.lineOf(row)}`;
  }
}

/**
 * Reads a CSV file: UTF-8, commas, quotes as in RFC 4180, the first line names the columns. Empty lines are skipped.
 * @throws UserError with file and line: missing, empty or not UTF-8; a quote that is not closed; a column named
 * twice; a row with more or fewer cells than columns
 */
export function readCsv(path: string): CsvTable {
  const bytes = readBytes(path);
  checkEncoding(path, bytes);
  const [header, ...rows] = parseRows(path, bytes);
  if (header === undefined || rows.length === 0) {
    throw new UserError(
      `${path}: the file has no ${header === undefined ? "header" : "rows"}`,
      "Give a header line that names the columns, and one line per row.",
    );
  }
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new UserError(`${path}:1: two columns are called "${twice}"`, "Rename or remove one.");
  }
  const table = new CsvTable(path, header, rows, bytes);
  const ragged = rows.findIndex((row) => row.length !== header.length);
  if (ragged !== -1) {
    throw new UserError(
      `${table.placeOf(ragged)}: the row has ${rows[ragged].length} cells, the header ${header.length}`,
      "Complete the row; put a cell that contains a comma in double quotes.",
    );
  }
  return table;
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = { ENOENT: "it does not exist", EACCES: "no permission", EISDIR: "it is a folder" }[
      (error as NodeJS.ErrnoException).code ?? ""
    ];
    if (reason === undefined) throw error;
    throw new UserError(`cannot read ${path}: ${reason}`, "Give the path of a CSV file.", { cause: error });
  }
}

function checkEncoding(path: string, bytes: Buffer): void {
  if (isUtf8(bytes)) return;
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end;
  }
  throw new UserError(`${path}:${line}: the text is not UTF-8`, "Save the file as UTF-8.");
}

function parseRows(path: string, bytes: Buffer): string[][] {
  try {
    return parse(bytes, settings);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const where = typeof error.lines === "number" ? `${path}:${error.lines}` : path;
    const problem =
      error.code === "CSV_QUOTE_NOT_CLOSED"
        ? "the file ends within double quotes"
        : "a double quote stands inside a cell";
    throw new UserError(
      `${where}: ${problem}`,
      "Close every double quote, and double a quote inside a quoted cell.",
      { cause: error },
    );
  }
}

/** Line on which each record ends, the header's first: a second parse, twice as slow as one without lines. */
function linesOf(bytes: Buffer): number[] {
  const lines: number[] = [];
  parse(bytes, {
    ...settings,
    on_record: (_record, { lines: line }) => {
      lines.push(line);
      return null;
    },
  });
  return lines;
}
