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
  return /\.parquet$/i.test(path) ? parquetRows(path, columns) : csvRows(path, columns);
}

function csvRows(path: string, columns: Readonly<Record<string, ColumnKind>>): RowsWriter {
  const file = new AtomicFile(path);
  const names = Object.keys(columns);
  file.write(`${names.map(csvCell).join(",")}\n`);
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
    createdBy: "labor-llm",
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
