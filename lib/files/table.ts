import { UserError } from "../errors";

/** A column of a table: its distinct cells, and which of them each row has. Missing cells are empty strings. */
export interface TableColumn {
  readonly name: string;
  /** The distinct cells, in the order in which they first occur. */
  readonly values: readonly string[];
  /** (rows): the place of the row's cell among the distinct ones. */
  readonly codes: Int32Array;
}

/** What a reader of tables may be told. */
export interface TableOptions {
  /** From the header, the columns to keep; all of them unless told. The others are checked but cost no memory. */
  keep?: (header: readonly string[]) => Iterable<string>;
}

/** A table in memory, by column: a few distinct cells and a number per row, never an object per cell. */
export class Table {
  constructor(
    readonly path: string,
    readonly header: readonly string[],
    /** Number of rows. */
    readonly size: number,
    private readonly columns: ReadonlyMap<string, TableColumn>,
    private readonly place: (row: number) => string,
  ) {}

  /** The place of a column in the header. @throws UserError if there is no such column */
  columnOf(name: string): number {
    const at = this.header.indexOf(name);
    if (at !== -1) return at;
    throw new UserError(
      `${this.place(-1)}: there is no column "${name}" (the columns are ${this.header.join(", ")})`,
      `Add the column or name it "${name}".`,
    );
  }

  /** @throws UserError if there is no such column */
  column(name: string): TableColumn {
    return this.columns.get(this.header[this.columnOf(name)])!;
  }

  /** `careers.csv:1204`, or `careers.parquet, row 1204` where a file has no lines; of row -1, the header's. */
  placeOf(row: number): string {
    return this.place(row);
  }

  /** The table row by row, for small ones: one cell per kept column. */
  get rows(): string[][] {
    const columns = [...this.columns.values()];
    return Array.from({ length: this.size }, (_, row) =>
      columns.map(({ values, codes }) => values[codes[row]]),
    );
  }
}

/** The first name that stands twice; undefined where none does. */
export function twiceNamed(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/** A list of 32-bit integers that grows. */
export class Int32List {
  private list = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.list.length) {
      const longer = new Int32Array(2 * this.length);
      longer.set(this.list);
      this.list = longer;
    }
    this.list[this.length++] = value;
  }

  get(i: number): number {
    return this.list[i];
  }

  toArray(): Int32Array {
    return this.list.slice(0, this.length);
  }
}
