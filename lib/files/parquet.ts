import { type ColumnMetaData, type FileMetaData, parquetMetadata, parquetSchema } from "hyparquet";
// The package's public readers wait for byte ranges that may come from afar; its decoder of a column does not.
import { parquetHeader, readColumn } from "hyparquet/src/column.js";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { compressors } from "hyparquet-compressors";
import { UserError } from "../errors";
import { quote } from "../quote";
import { type ByteRanges, withByteRanges } from "./byte-ranges";
import { checkMemory } from "./memory";
import { Table, type TableColumn, type TableOptions, twiceNamed } from "./table";

/** Bytes of the mark that starts and ends a Parquet file. */
const mark = "PAR1";

/** Largest page that we unpack, bytes; writers make pages of about a megabyte. */
const largestPage = 2 ** 28;

/** Most bytes of a column in a row group, packed and unpacked; writers make row groups of about 100 MB. */
const largestChunk = 2 ** 30;

/** Most bytes of the description at the end of the file. */
const largestFooter = 2 ** 28;

/**
 * Reads a Parquet file whose columns are flat (no lists or records), uncompressed or by snappy, gzip, zstd, brotli or
 * lz4. Numbers become text as JavaScript writes them; null and NaN become empty cells. Of a file of any size, the kept
 * columns are read, a row group at a time.
 * @throws UserError where it cannot be read, is no intact Parquet file, or a column is not flat
 */
export function readParquet(path: string, options: TableOptions = {}): Table {
  return withByteRanges(path, "Give the path of a Parquet file.", (ranges) =>
    readTable(path, ranges, options),
  );
}

function readTable(path: string, ranges: ByteRanges, options: TableOptions): Table {
  const { size: bytes } = ranges;
  if (bytes < 12 || Buffer.from(ranges.slice(0, 4)).toString("latin1") !== mark) throw damaged(path);
  const file = intact(path, () => {
    const footer = 8 + new DataView(ranges.slice(bytes - 8, bytes)).getUint32(0, true);
    if (footer > largestFooter) throw new Error("a description of impossible size");
    const metadata = parquetMetadata(ranges.slice(bytes - footer, bytes));
    return { metadata, schema: parquetSchema(metadata) };
  });
  const header = file.schema.children.map(({ element }) => element.name);
  const twice = twiceNamed(header);
  if (twice !== undefined)
    throw new UserError(`${path}: two columns are called ${quote(twice)}`, "Rename one.");
  const kept = new Set(options.keep?.(header) ?? header);
  const columns = new Map<string, TableColumn>();
  const size = file.metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (size === 0) throw new UserError(`${path}: the file has no rows`, "Give one row per person and year.");
  if (!(size > 0)) throw damaged(path);
  checkMemory(`${path}: a table of ${size.toLocaleString("en-US")} rows`, 4 * size);
  for (const { element, children } of file.schema.children) {
    if (!kept.has(element.name)) continue;
    if (children.length > 0 || element.repetition_type === "REPEATED") {
      throw new UserError(
        `${path}: the column ${quote(element.name)} holds lists or records`,
        "Give it one value a row.",
      );
    }
    columns.set(element.name, { name: element.name, ...readCells(path, ranges, file, element.name, size) });
  }
  return new Table(path, header, size, columns, (row) => (row < 0 ? path : `${path}, row ${row + 1}`));
}

interface ParquetFile {
  metadata: FileMetaData;
  schema: ReturnType<typeof parquetSchema>;
}

function readCells(
  path: string,
  ranges: ByteRanges,
  { metadata, schema }: ParquetFile,
  name: string,
  size: number,
): { values: string[]; codes: Int32Array } {
  const places = new Map<unknown, number>(); // by value as decoded, so that few become text
  const byText = new Map<string, number>();
  const codes: Int32Array = intact(path, () => new Int32Array(size));
  const schemaPath = [schema, schema.children.find(({ element }) => element.name === name)!];
  let row = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const pages = intact(path, () => {
      const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema.join("\0") === name);
      if (chunk?.meta_data === undefined) throw new Error("a row group lacks the column");
      const view = chunkOf(ranges, chunk.meta_data);
      checkPages(view, rows);
      const decoder = {
        ...chunk.meta_data,
        pathInSchema: [name],
        element: schemaPath[1].element,
        schemaPath,
        parsers: DEFAULT_PARSERS,
        compressors,
      };
      const select = { groupStart: 0, groupRows: rows, selectStart: 0, selectEnd: rows };
      return readColumn({ view, offset: 0 }, select, decoder).data;
    });
    const end = row + rows;
    for (const page of pages) {
      for (let i = 0; i < page.length && row < end; i++) {
        const value: unknown = page[i];
        let place = places.get(value);
        if (place === undefined) {
          const text = asText(path, name, value);
          place = byText.get(text) ?? byText.size;
          byText.set(text, place);
          if (typeof value !== "object") places.set(value, place);
        }
        codes[row++] = place;
      }
    }
    if (row !== end) throw damaged(path);
  }
  return { values: [...byText.keys()], codes };
}

/** The bytes of a column in a row group. */
function chunkOf(ranges: ByteRanges, column: ColumnMetaData): DataView {
  // Some writers give the dictionary's place as 0 or not at all.
  const start = Number(column.dictionary_page_offset || column.data_page_offset);
  const length = Number(column.total_compressed_size);
  if (length > largestChunk) throw new Error("a row group of impossible size");
  return new DataView(ranges.slice(start, start + length)); // a slice: the decoder must not see the next column
}

/** Counts and sizes that a damaged file may claim would make the decoder run or allocate without end. */
function checkPages(view: DataView, rows: number): void {
  const reader = { view, offset: 0 };
  let total = 0;
  for (let left = rows; left > 0; ) {
    const header = parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    if (
      !(packed >= 0 && reader.offset + packed <= view.byteLength && unpacked >= 0 && unpacked <= largestPage)
    ) {
      throw new Error("a page of impossible size");
    }
    total += unpacked;
    if (total > largestChunk) throw new Error("a row group of impossible size");
    const second = header.data_page_header_v2;
    if (second !== undefined) {
      const { repetition_levels_byte_length: repetition, definition_levels_byte_length: definition } = second;
      const whole = [repetition, definition, second.num_nulls, second.num_rows].every(Number.isInteger);
      // Without these lengths the decoder would read the same byte for ever.
      if (!whole || repetition < 0 || definition < 0 || repetition + definition > packed)
        throw new Error("a page of impossible size");
      if (second.num_nulls < 0 || second.num_nulls > second.num_values) throw new Error("a false count");
    }
    const dictionary = header.dictionary_page_header;
    const values = (header.data_page_header ?? header.data_page_header_v2)?.num_values;
    if (dictionary !== undefined) {
      if (!(dictionary.num_values >= 0 && dictionary.num_values <= 8 * unpacked))
        throw new Error("a false count");
    } else if (values === undefined || !(values >= 0 && values <= left)) throw new Error("a false count");
    left -= values ?? 0;
    reader.offset += packed;
  }
}

function asText(path: string, column: string, value: unknown): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  if (typeof value === "object") {
    throw new UserError(
      `${path}: the column ${quote(column)} holds bytes or records`,
      "Store it as text or numbers.",
    );
  }
  return String(value);
}

/** Runs a step of the decoder, which fails in many ways on a damaged file. */
function intact<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw damaged(path, error);
  }
}

function damaged(path: string, cause?: unknown): UserError {
  const detail = cause instanceof Error ? ` (${cause.message.split("\n", 1)[0]})` : "";
  return new UserError(`${path}: this is no intact Parquet file${detail}`, "Write or copy it again.", {
    cause,
  });
}
