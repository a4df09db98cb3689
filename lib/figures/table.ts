import { UserError } from "../errors";
import { escapeHtml, markdownText, spreadsheetText } from "./escape";

export type TableCell = string | number | boolean | null | undefined;

export type TableRow = Readonly<Record<string, TableCell>>;

/** Rows of equal columns, or a table of arquero. */
export type Table = readonly TableRow[] | ArqueroTable;

/** The part of arquero's ColumnTable that we read. */
export interface ArqueroTable {
  columnNames(): string[];
  objects(): object[];
}

export interface TableOptions {
  /** Said above the table: what it shows, with profile, data, seed and engine. */
  caption?: string;
  /** How to write a column's numbers. Default: integers in full, others to three decimals, to one from 100. */
  format?: Record<string, (value: number) => string>;
}

export function isTable(value: unknown): value is Table {
  return Array.isArray(value) || typeof (value as ArqueroTable | undefined)?.columnNames === "function";
}

/** A table of GitHub's Markdown; numbers flush right. */
export function toMarkdown(table: Table, options: TableOptions = {}): string {
  const { columns, rows, numeric } = shown(table, options);
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const lines = [
    line(columns.map(markdownText)),
    line(columns.map((_, j) => (numeric[j] ? "---:" : "---"))),
    ...rows.map((row) => line(row.map(markdownText))),
  ];
  const caption = options.caption === undefined ? "" : `${markdownText(options.caption)}\n\n`;
  return `${caption}${lines.join("\n")}\n`;
}

/** A table of HTML with headers that screen readers find: `scope` on the columns and on the first cell of each row. */
export function toHtml(table: Table, options: TableOptions = {}): string {
  const { columns, rows, numeric } = shown(table, options);
  const align = (j: number) => ` style="text-align: ${numeric[j] ? "right" : "left"}"`;
  const head = columns.map((name, j) => `<th scope="col"${align(j)}>${escapeHtml(name)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = row.map((cell, j) => {
      const text = escapeHtml(cell);
      return j === 0 ? `<th scope="row"${align(j)}>${text}</th>` : `<td${align(j)}>${text}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const caption = options.caption === undefined ? "" : `<caption>${escapeHtml(options.caption)}</caption>\n`;
  return `<table>\n${caption}<thead>\n<tr>${head}</tr>\n</thead>\n<tbody>\n${body.join("\n")}\n</tbody>\n</table>\n`;
}

/**
 * Comma-separated values (RFC 4180) with a header, missing values empty. It is a table for eyes: text that a spreadsheet
 * would take for a formula has an apostrophe before it (`spreadsheetText`), numbers have none.
 * @param digits significant digits of fractions; default: to their last digit
 */
export function toCsv(table: Table, digits?: number): string {
  const { columns, rows } = read(table);
  const quote = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const fraction = (cell: TableCell): cell is number => typeof cell === "number" && !Number.isInteger(cell);
  const rounded = (cell: TableCell) =>
    digits !== undefined && fraction(cell) ? Number(cell.toPrecision(digits)) : cell;
  const text = (value: string) => quote(spreadsheetText(value));
  const write = (cell: TableCell) =>
    isMissing(cell) ? "" : typeof cell === "string" ? text(cell) : String(rounded(cell));
  return [columns.map(text), ...rows.map((row) => row.map(write))]
    .map((row) => `${row.join(",")}\n`)
    .join("");
}

interface Columns<Cell> {
  columns: string[];
  rows: Cell[][];
  /** Whether each column holds numbers alone. */
  numeric: boolean[];
}

/** A table's cells as they are shown, in words and digits. */
export function shown(table: Table, options: TableOptions): Columns<string> {
  const { columns, rows, numeric } = read(table);
  return {
    columns,
    numeric,
    rows: rows.map((row) => row.map((cell, j) => format(cell, columns[j], options))),
  };
}

function read(table: Table): Columns<TableCell> {
  const objects = ("columnNames" in table ? table.objects() : table) as TableRow[];
  const columns = "columnNames" in table ? table.columnNames() : Object.keys(table[0] ?? {});
  const rows = objects.map((row, i) => {
    const unknown = Object.keys(row).find((name) => !columns.includes(name));
    if (unknown !== undefined) {
      throw new UserError(`row ${i + 1} of the table has a column "${unknown}" that the first row lacks`);
    }
    return columns.map((name) => row[name]);
  });
  const numeric = columns.map(
    (_, j) =>
      rows.every((row) => typeof row[j] === "number" || isMissing(row[j])) &&
      rows.some((row) => !isMissing(row[j])),
  );
  return { columns, rows, numeric };
}

function isMissing(cell: TableCell): boolean {
  return cell === undefined || cell === null || Number.isNaN(cell);
}

function format(cell: TableCell, column: string, options: TableOptions): string {
  if (isMissing(cell)) return "–";
  if (typeof cell !== "number") return String(cell);
  const own = options.format?.[column];
  if (own !== undefined) return own(cell);
  if (Number.isInteger(cell)) return String(cell);
  const size = Math.abs(cell);
  if (size < 0.001 || size >= 1e6) return cell.toExponential(2);
  return cell.toFixed(size < 100 ? 3 : 1);
}
