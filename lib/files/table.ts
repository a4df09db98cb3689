import { UserError } from "../errors";
import { listed, nearest, quote } from "../quote";

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
  /** From the header, the columns to keep; all of them by default. The others are checked but cost no memory. */
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
    /** Whether numbers are written with a comma, as Excel does where it parts cells by semicolons. */
    readonly decimalComma = false,
  ) {}

  /** The place of a column in the header. @throws UserError if there is no such column */
  columnOf(name: string): number {
    const at = this.header.indexOf(name);
    if (at !== -1) return at;
    const near = this.header.length > 8 ? nearest(name, this.header) : [];
    const columns =
      near.length > 0
        ? `of the ${this.header.length} columns the nearest are ${listed(near)}`
        : `the columns are ${listed(this.header)}`;
    throw new UserError(
      `${this.place(-1)}: there is no column ${quote(name)} (${columns})`,
      `Add the column or name it ${quote(name)}.`,
    );
  }

  /**
   * The table with each name and distinct cell rewritten; cells that become equal are one.
   * @returns also the number of cells that changed
   * @throws UserError if two columns get the same name
   */
  rewritten(rewrite: (text: string) => string): { table: Table; cells: number } {
    const header = this.header.map(rewrite);
    const twice = header.find((name, i) => header.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new UserError(
        `${this.place(-1)}: two columns are called ${quote(twice)}`,
        "Rename or remove one.",
      );
    }
    let cells = 0;
    const columns = new Map<string, TableColumn>();
    for (const column of this.columns.values()) {
      const name = rewrite(column.name);
      const places = new Map<string, number>();
      const placeOf = Int32Array.from(column.values, (cell) => {
        const text = rewrite(cell);
        if (!places.has(text)) places.set(text, places.size);
        return places.get(text)!;
      });
      const values = [...places.keys()];
      const changed = column.values.map((cell, code) => cell !== values[placeOf[code]]);
      if (!changed.includes(true)) {
        columns.set(name, { ...column, name });
        continue;
      }
      for (const code of column.codes) if (changed[code]) cells++;
      columns.set(name, { name, values, codes: column.codes.map((code) => placeOf[code]) });
    }
    return {
      table: new Table(this.path, header, this.size, columns, this.place, this.decimalComma),
      cells,
    };
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
