type Numbers = Int8Array | Int16Array | Int32Array | Float64Array;

/** The least number of an integer array marks a missing value; a Float64Array has NaN for it. */
const kinds = [
  { make: (n: number): Numbers => new Int8Array(n), most: 127, missing: -128 },
  { make: (n: number): Numbers => new Int16Array(n), most: 32_767, missing: -32_768 },
  { make: (n: number): Numbers => new Int32Array(n), most: 2_147_483_647, missing: -2_147_483_648 },
  { make: (n: number): Numbers => new Float64Array(n), most: Number.POSITIVE_INFINITY, missing: Number.NaN },
];
const float = kinds.length - 1;

/** Numbers, one a row, in the narrowest array that holds them all. */
export class Column {
  private kind = 0;
  private values: Numbers = kinds[0].make(1024);
  private most = kinds[0].most;
  private missing = kinds[0].missing;
  length = 0;

  /** Appends a number; NaN is a missing value. */
  push(value: number): void {
    if (this.length === this.values.length) this.copyTo(this.kind, 2 * this.length);
    if (value <= this.most && value >= -this.most && (value === (value | 0) || this.kind === float)) {
      this.values[this.length++] = value;
    } else {
      this.pushOther(value);
    }
  }

  private pushOther(value: number): void {
    if (!Number.isNaN(value)) {
      let kind = Number.isInteger(value) ? this.kind : float;
      while (Math.abs(value) > kinds[kind].most) kind++;
      if (kind !== this.kind) this.copyTo(kind, this.values.length);
    }
    this.values[this.length++] = Number.isNaN(value) ? this.missing : value;
  }

  private copyTo(kind: number, capacity: number): void {
    const values = kinds[kind].make(capacity);
    if (kind === this.kind) values.set(this.values);
    else {
      for (let row = 0; row < this.length; row++) {
        const value = this.at(row);
        values[row] = Number.isNaN(value) ? kinds[kind].missing : value;
      }
    }
    this.values = values;
    this.kind = kind;
    ({ most: this.most, missing: this.missing } = kinds[kind]);
  }

  /** The number of a row; NaN where it is missing. */
  at(row: number): number {
    const value = this.values[row];
    return value === this.missing ? Number.NaN : value;
  }
}
