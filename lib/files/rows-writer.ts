import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { parquetMetadata } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { AtomicFile } from "./atomic";

/** Kinds of columns: text, whole numbers, and numbers in double precision. */
export type ColumnKind = "text" | "integer" | "number";

/** Rows in columns of equal length, by name. */
export type ColumnBatch = Readonly<Record<string, readonly (string | number | null)[]>>;

/** A table on its way to a file, a batch of rows at a time, in memory that does not grow with it. */
export interface RowsWriter {
  write(batch: ColumnBatch): void;
  /** Puts the file in place; until then there is none, or the old one. */
  commit(): void;
  /** Takes away what was written, unless it was put in place. */
  discard(): void;
}

/**
 * Opens a CSV file (RFC 4180), or a Parquet file where the path ends in `.parquet`.
 * @param columns in their order; an empty cell is null
 * @throws UserError, from any of its steps, where the file cannot be written
 */
export function rowsWriter(path: string, columns: Readonly<Record<string, ColumnKind>>): RowsWriter {
  return isParquet(path) ? parquetRows(path, columns) : csvRows(path, columns);
}

/**
 * Whether `rowsWriter` wrote a file with these columns: a CSV file by its header, a Parquet file by its columns and
 * the writer that its footer names. False where it cannot be read.
 */
export function isRowsFile(path: string, columns: Readonly<Record<string, ColumnKind>>): boolean {
  try {
    return isParquet(path) ? isOurParquet(path, Object.keys(columns)) : hasHeader(path, columns);
  } catch {
    return false; // not readable, or no Parquet file
  }
}

function isParquet(path: string): boolean {
  return /\.parquet$/i.test(path);
}

function hasHeader(path: string, columns: Readonly<Record<string, ColumnKind>>): boolean {
  const header = Buffer.from(headerOf(columns));
  return bytesAt(path, () => 0, header.length).equals(header);
}

function isOurParquet(path: string, names: readonly string[]): boolean {
  const length = bytesAt(path, (size) => size - 8, 4).readUInt32LE();
  const footer = bytesAt(path, (size) => size - 8 - length, length + 8);
  const { created_by, schema } = parquetMetadata(Uint8Array.from(footer).buffer);
  const found = schema.slice(1).map(({ name }) => name);
  return created_by === WRITER && found.join("\0") === names.join("\0");
}

function bytesAt(path: string, start: (size: number) => number, length: number): Buffer {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(length, size));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start(size)));
  } finally {
    closeSync(file);
  }
}

function headerOf(columns: Readonly<Record<string, ColumnKind>>): string {
  return `${Object.keys(columns).map(csvCell).join(",")}\n`;
}

function csvRows(path: string, columns: Readonly<Record<string, ColumnKind>>): RowsWriter {
  const file = new AtomicFile(path);
  const names = Object.keys(columns);
  file.write(headerOf(columns));
  return {
    write(batch) {
      const lines = batch[names[0]].map(
        (_, row) => `${names.map((name) => csvCell(batch[name][row])).join(",")}\n`,
      );
      file.write(lines.join(""));
    },
    commit: () => file.commit(),
    discard: () => file.discard(),
  };
}

function csvCell(value: string | number | null): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What the footer of a Parquet file names as its writer. */
const WRITER = "labor-llm";

const parquetTypes = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  integer: { type: "INT32" },
  number: { type: "DOUBLE" },
} as const;

function parquetRows(path: string, columns: Readonly<Record<string, ColumnKind>>): RowsWriter {
  const file = new AtomicFile(path);
  const bytes = new ByteWriter();
  const names = Object.keys(columns);
  const parquet = new ParquetWriter({
    writer: bytes,
    createdBy: WRITER,
    schema: [
      { name: "root", num_children: names.length },
      ...names.map((name) => ({
        name,
        repetition_type: "OPTIONAL" as const,
        ...parquetTypes[columns[name]],
      })),
    ],
  });
  const flush = () => {
    file.write(bytes.getBytes());
    bytes.index = 0; // the offset, which the file's footer needs, goes on
  };
  return {
    write(batch) {
      const rows = batch[names[0]].length;
      if (rows === 0) return;
      parquet.write({
        columnData: names.map((name) => ({ name, data: [...batch[name]] })),
        rowGroupSize: rows,
      });
      flush();
    },
    commit() {
      parquet.finish();
      flush();
      file.commit();
    },
    discard: () => file.discard(),
  };
}
