import type { RowAccount } from "../careers";
import { UserError } from "../errors";
import type { Table } from "../files";
import { lookOf, numberIn } from "../numerals";
import { crosswalk, occupations, specialStateTitles, TitleSet } from "../occupations";
import { quote } from "../quote";
import { conditionTest } from "./condition";
import { Field, textOf } from "./field";
import type { CheckedPanelMap, Comparison, MappedField, PanelRules, StateClause } from "./panel-map";

/** A code that is none of its vintage. */
const unknown = Symbol("unknown occupation");

/** The title of each row: that of its occupation or of its state, or the reason why it has none. */
export class RowTitles {
  private readonly occupation: Field<string | typeof unknown> | undefined;
  private readonly stateField: Field<string> | undefined;
  private readonly clauses: (StateClause & { test: (row: number) => boolean; rows: number })[];
  private readonly states: string[];
  private readonly seen = new Set<string>();
  private coded = 0;
  private unknownCodes = 0;
  private both = 0;

  /** @throws UserError if a column is absent */
  constructor(
    private readonly table: Table,
    private readonly map: CheckedPanelMap,
    private readonly rules: PanelRules,
    private readonly missing: readonly string[] | undefined,
    private readonly account: RowAccount,
  ) {
    const { occupation, state } = map.columns;
    if (occupation !== undefined) {
      const kind = occupation.vintage === undefined ? "text" : "number";
      this.occupation = new Field(table, occupation, "title", missing, this.reader(), kind);
    }
    const clauses = Array.isArray(state) ? state : [];
    this.clauses = clauses.map((clause) => ({
      ...clause,
      test: conditionTest(table, clause.where),
      rows: 0,
    }));
    if (state !== undefined && !Array.isArray(state)) {
      this.stateField = new Field(table, state, "state", missing, textOf("title"));
    }
    const words = this.stateField === undefined ? clauses.map(({ is }) => is) : this.wordsOfStates();
    const special = specialStateTitles.filter((title) => words.includes(title));
    this.states = [...special, ...new Set(words.filter((word) => !special.includes(word)))];
  }

  /** The row's title; without one, the row is dropped in the account. @throws UserError as the rules ask */
  of(row: number): string | undefined {
    const occupation = this.occupation?.get(row);
    const state = this.stateOf(row);
    if (occupation !== undefined) this.coded++;
    if (state !== undefined && (occupation === undefined || this.keepsState(row))) {
      if (this.rules.states !== "drop") return state;
      return this.drop("in a state, not an occupation");
    }
    if (state !== undefined && this.rules.stateWithOccupation === "drop") {
      return this.drop("in a state that also has an occupation");
    }
    if (occupation === unknown) {
      this.unknownCodes++;
      if (this.rules.unknownOccupation === "drop") {
        return this.drop(`with a code that is no occupation of ${this.map.columns.occupation?.vintage}`);
      }
      throw this.unknownCode(row);
    }
    if (occupation === undefined) {
      if (this.stateField !== undefined || this.clauses.length > 0 || this.map.columns.occupation?.vintage)
        return this.drop("without an occupation or a state");
      return this.occupation!.need(row) as string; // a title that is missing is an error
    }
    this.seen.add(occupation);
    return occupation;
  }

  /** All titles that a row could have. @throws UserError if two are equal */
  titles(): TitleSet {
    const { vintage } = this.map.columns.occupation ?? {};
    const jobs =
      vintage === undefined
        ? (this.map.titles ?? [...this.seen].sort())
        : occupations.map(({ title }) => title);
    const states = this.rules.states === "drop" ? [] : this.states.filter((state) => !jobs.includes(state));
    return new TitleSet([...jobs, ...states]);
  }

  /** @throws UserError if most codes are unknown: the vintage must be wrong */
  finish(): void {
    const { occupation } = this.map.columns;
    if (2 * this.unknownCodes > this.coded) {
      throw new UserError(
        `${this.table.path}: ${this.unknownCodes} of ${this.coded} codes in the column ${quote(occupation?.column ?? "")} are no occupations of ${occupation?.vintage}`,
        "Check the vintage in the column map.",
      );
    }
    const taken = {
      occupation: "the occupation counts",
      state: "the state counts",
      drop: "dropped",
      error: "",
    };
    this.account.note(
      this.both,
      `rows in a state that also have an occupation: ${taken[this.rules.stateWithOccupation ?? "error"]}`,
    );
    for (const { is, note, rows } of this.clauses) {
      if (note !== undefined) this.account.note(rows, `rows in the state ${quote(is)}: ${note}`);
    }
    if (occupation?.compare !== undefined) this.compare(occupation.compare);
    this.occupation?.note(this.account);
    this.stateField?.note(this.account);
  }

  private stateOf(row: number): string | undefined {
    if (this.stateField !== undefined) return this.stateField.get(row);
    for (const clause of this.clauses) {
      if (!clause.test(row)) continue;
      clause.rows++;
      return clause.is;
    }
    return undefined;
  }

  /** Of a row with a state and an occupation. */
  private keepsState(row: number): boolean {
    this.both++;
    const rule = this.rules.stateWithOccupation ?? "error";
    if (rule === "error") {
      throw this.occupation!.error(
        row,
        `the row has a state, ${quote(this.stateOf(row) ?? "")}, and an occupation`,
        'Decide which counts: set the rule "stateWithOccupation" of the column map to "state", "occupation" or "drop".',
      );
    }
    return rule === "state";
  }

  private unknownCode(row: number): UserError {
    const { column } = this.occupation!;
    try {
      crosswalk(this.map.columns.occupation!.vintage!).require(numberIn(column.values[column.codes[row]]));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const otherwise = 'Name the code under "missing", or set the rule "unknownOccupation" to "drop".';
      return this.occupation!.error(row, error.problem, `${error.remedy ?? ""} ${otherwise}`.trim());
    }
    throw new Error("a code is unknown and known");
  }

  private drop(reason: string): undefined {
    this.account.drop(reason);
  }

  private reader(): (cell: string) => string | typeof unknown {
    const { vintage } = this.map.columns.occupation!;
    if (vintage !== undefined) return codeReader(vintage);
    const { titles } = this.map;
    const known = titles === undefined ? undefined : new Set(titles);
    const read = textOf("title");
    return (cell) => {
      if (known === undefined || known.has(cell)) return read(cell);
      throw new UserError(
        `${quote(cell)} is none of the ${known.size} titles`,
        "Check its spelling against the title list.",
      );
    };
  }

  private wordsOfStates(): string[] {
    const { words } = this.map.columns.state as MappedField;
    if (words !== undefined) return Object.values(words).filter((word) => word !== null);
    const field = this.stateField!;
    return field.column.values.filter((cell) => !field.isMissing(cell)).sort();
  }

  /** Counts where a second coding names the same occupation. */
  private compare({ column, vintage }: Comparison): void {
    const other = new Field(this.table, { column }, "code", this.missing, codeReader(vintage), "number");
    let both = 0;
    let same = 0;
    for (let row = 0; row < this.table.size; row++) {
      const [one, two] = [this.occupation!.get(row), other.get(row)];
      if (one === undefined || two === undefined) continue;
      both++;
      if (one === two) same++;
    }
    this.account.note(
      both,
      `rows also have ${quote(column)} (${vintage}): the same occupation in ${same} of them`,
    );
  }
}

/** Codes may come as 4720, 4720.0 (a column of numbers with gaps), 2e3 or 0050. */
function codeReader(vintage: Comparison["vintage"]): (cell: string) => string | typeof unknown {
  const { toOccupation } = crosswalk(vintage);
  return (cell) => {
    const code = numberIn(cell);
    if (!(Number.isSafeInteger(code) && code >= 0)) {
      throw new UserError(
        `occupation ${quote(cell)} is not a code${lookOf(cell)}`,
        'Name it under "missing" or fix the row.',
      );
    }
    return toOccupation(code)?.title ?? unknown;
  };
}
