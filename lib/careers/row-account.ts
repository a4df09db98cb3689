/**
 * What became of the rows of a survey's files: rows in = rows used + rows dropped, each drop under a named reason.
 * A row is what the source counts: a person-year of a long-format file, a person and round of a wide one.
 */
export class RowAccount {
  private readonly reasons = new Map<string, number>();
  /** What a reader of the panel should know about its rows, with a count: assumptions, merged values, gaps. */
  readonly notes: { count: number; what: string }[] = [];
  used = 0;

  /** @param unit what a row is, in the plural, for example "person-years" */
  constructor(readonly unit: string) {}

  use(rows = 1): void {
    this.used += rows;
  }

  drop(reason: string, rows = 1): void {
    if (rows > 0) this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + rows);
  }

  note(count: number, what: string): void {
    if (count > 0) this.notes.push({ count, what });
  }

  /** Most frequent reason first. */
  get dropped(): { reason: string; rows: number }[] {
    return [...this.reasons]
      .map(([reason, rows]) => ({ reason, rows }))
      .sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1));
  }

  get read(): number {
    return this.dropped.reduce((n, { rows }) => n + rows, this.used);
  }

  /** One line for the account, then one for each reason and note. */
  toString(): string {
    const lost = this.read - this.used;
    const lines = [`${this.read} ${this.unit} read, ${this.used} used, ${lost} dropped`];
    for (const { reason, rows } of this.dropped) lines.push(`  ${rows} ${reason}`);
    for (const { count, what } of this.notes) lines.push(`  note: ${count} ${what}`);
    return lines.join("\n");
  }

  toJSON(): {
    unit: string;
    read: number;
    used: number;
    dropped: { reason: string; rows: number }[];
    notes?: { count: number; what: string }[];
  } {
    const { unit, read, used, dropped, notes } = this;
    return { unit, read, used, dropped, ...(notes.length > 0 ? { notes } : {}) };
  }
}
