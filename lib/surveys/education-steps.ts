import type { RowAccount } from "../careers";
import type { Table } from "../files";
import { conditionTest } from "./condition";
import { Field, textOf, yearOf } from "./field";
import type { EducationSteps, PanelRules } from "./panel-map";

/** Levels of education as of each year, by the steps of a map. */
export class SteppedEducation {
  private readonly levels: string[];
  private readonly steps: { level: number; since?: Field<number>; once?: (row: number) => boolean }[];
  private readonly unknown: (row: number) => boolean;
  private readonly final: Field<string> | undefined;
  private undatedPersons = 0;

  /** @throws UserError if a column is absent */
  constructor(
    table: Table,
    private readonly map: EducationSteps,
    missing: readonly string[] | undefined,
    private readonly undated: NonNullable<PanelRules["undatedDegree"]> = "ignore",
  ) {
    this.levels = [...new Set([map.start, ...map.steps.map(({ level }) => level)])];
    this.steps = map.steps.map(({ level, since, once }) => ({
      level: this.levels.indexOf(level),
      since:
        since === undefined
          ? undefined
          : new Field(table, { column: since }, "year", missing, yearOf("year"), "number"),
      once: once === undefined ? undefined : conditionTest(table, once),
    }));
    this.unknown = map.unknown === undefined ? () => false : conditionTest(table, map.unknown);
    if (map.undated !== undefined)
      this.final = new Field(table, map.undated, "education", missing, textOf("education"));
  }

  /**
   * @param rows of one person, years ascending
   * @param years (table's rows)
   * @returns the level of each row, undefined where it is not known
   */
  of(rows: Int32Array, years: Int32Array, birthYear: number | undefined): (string | undefined)[] {
    const once = new Uint8Array(this.steps.length);
    const assumed = this.assumed(rows, birthYear);
    return Array.from(rows, (row) => {
      let level = this.unknown(row) ? -1 : 0;
      this.steps.forEach((step, i) => {
        const since = step.since?.get(row);
        if (step.once?.(row)) once[i] = 1;
        if (once[i] === 1 || (since !== undefined && since <= years[row]))
          level = Math.max(level, step.level);
      });
      if (this.undated === "assume" && assumed !== undefined && years[row] >= assumed.since)
        level = Math.max(level, assumed.level);
      return this.levels[level];
    });
  }

  /** The final level, and the year from which it may be assumed, where no date leads to it or beyond. */
  private assumed(
    rows: Int32Array,
    birthYear: number | undefined,
  ): { level: number; since: number } | undefined {
    const final = this.final?.get(rows[rows.length - 1]);
    if (final === undefined || birthYear === undefined) return undefined;
    const level = this.levels.indexOf(final);
    const age = this.map.undated?.ages[final];
    const dated = this.steps.some((step) => step.level >= level && step.since?.get(rows[0]) !== undefined);
    if (level <= 0 || age === undefined || dated) return undefined;
    this.undatedPersons++;
    return { level, since: birthYear + age };
  }

  note(account: RowAccount): void {
    account.note(
      this.undatedPersons,
      this.undated === "assume"
        ? "persons whose final degree has no date: it is assumed from a usual age on"
        : "persons whose final degree has no date: it is not told",
    );
  }
}
