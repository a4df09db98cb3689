import { UserError } from "../../errors";
import type { Column } from "./column";
import type { PsidTable } from "./table";
import { type Concept, concepts, type PsidVariables } from "./variables";

/** A variable's numbers by individual. */
export interface Values {
  /** NaN where missing. */
  at(individual: number): number;
}

/**
 * The tables of a download as one: a row an individual. A merged extract has all variables in the individuals' table;
 * variables of separate family files are joined through each wave's interview number.
 */
export class PsidExtract {
  readonly individuals: PsidTable;
  private readonly families: readonly PsidTable[];
  /** Rows of a family table by individual (-1: none), of the wave asked for last. */
  private joined: { table: PsidTable; year: number; rows: Int32Array } | undefined;

  /** @throws UserError unless one table has the individuals */
  constructor(
    path: string,
    tables: readonly PsidTable[],
    readonly variables: PsidVariables,
  ) {
    const [family, person] = (["interview_1968", "person_number"] as const).map((concept) =>
      variables.of(concept),
    );
    const has = (table: PsidTable, name?: string) => name !== undefined && table.columns.has(name);
    const individuals = tables.filter((table) => has(table, family) && has(table, person));
    if (individuals.length === 0) {
      throw new UserError(
        `${path}: no file has both ${family} (1968 interview number) and ${person} (person number), which tell who is who`,
        "Add them to the cart at the Data Center; data/tagsets/psid.txt lists all variables.",
      );
    }
    if (individuals.length > 1) {
      throw new UserError(
        `${path}: ${individuals.length} files have individuals (${individuals.map(({ place }) => place).join(", ")})`,
        "Keep one; put all variables into one cart.",
      );
    }
    this.individuals = individuals[0];
    this.families = tables.filter((table) => table !== this.individuals);
  }

  get rows(): number {
    return this.individuals.rows;
  }

  /** Whether families stand in files of their own. */
  get separate(): boolean {
    return this.families.length > 0;
  }

  /** The identifier of each individual, ER30001 * 1000 + ER30002. @throws UserError if one is missing or stands twice */
  persons(): Int32Array {
    const { place, columns, rows } = this.individuals;
    const [family, person] = (["interview_1968", "person_number"] as const).map(
      (concept) => columns.get(this.variables.of(concept) as string) as Column,
    );
    const ids = new Int32Array(rows);
    const seen = new Set<number>();
    for (let row = 0; row < rows; row++) {
      const id = family.at(row) * 1000 + person.at(row);
      if (!(family.at(row) > 0 && person.at(row) > 0 && person.at(row) < 1000 && id < 1e9)) {
        throw new UserError(
          `${place}: individual ${row + 1} has ER30001 ${family.at(row)} and ER30002 ${person.at(row)}, not an identifier`,
          "Download the data again.",
        );
      }
      if (seen.has(id)) {
        throw new UserError(
          `${place}: individual ${row + 1}, ER30001 ${family.at(row)} and ER30002 ${person.at(row)}, stands there twice`,
          "Download the data again.",
        );
      }
      seen.add(id);
      ids[row] = id;
    }
    return ids;
  }

  /** Whether any file has what only families are asked: files of individuals have variables of every wave. */
  tellsFamilies(year: number): boolean {
    const tables = [this.individuals, ...this.families];
    return familyQuestions.some((concept) => {
      const name = this.variables.of(concept, year);
      return name !== undefined && tables.some(({ columns }) => columns.has(name));
    });
  }

  /** Whether the download can give a concept of a wave. */
  has(concept: Concept, year = 0): boolean {
    const name = this.variables.of(concept, year);
    if (name === undefined) return false;
    return this.individuals.columns.has(name) || this.familyWith(name, year) !== undefined;
  }

  /** A concept of a wave by individual; undefined where the download lacks it. @throws UserError if files do not join */
  values(concept: Concept, year = 0): Values | undefined {
    const name = this.variables.of(concept, year);
    if (name === undefined) return undefined;
    const own = this.individuals.columns.get(name);
    if (own !== undefined) return own;
    const table = this.familyWith(name, year);
    if (table === undefined) return undefined;
    const column = table.columns.get(name) as Column;
    const rows = this.join(table, year);
    return { at: (individual) => (rows[individual] === -1 ? Number.NaN : column.at(rows[individual])) };
  }

  private familyWith(name: string, year: number): PsidTable | undefined {
    const [own, key] = (["interview", "family_interview"] as const).map((concept) =>
      this.variables.of(concept, year),
    );
    if (own === undefined || key === undefined || !this.individuals.columns.has(own)) return undefined;
    return this.families.find(({ columns }) => columns.has(name) && columns.has(key));
  }

  private join(table: PsidTable, year: number): Int32Array {
    if (this.joined?.table === table && this.joined.year === year) return this.joined.rows;
    const own = this.individuals.columns.get(this.variables.of("interview", year) as string) as Column;
    const key = table.columns.get(this.variables.of("family_interview", year) as string) as Column;
    const byInterview = new Map<number, number>();
    for (let row = 0; row < table.rows; row++) {
      const interview = key.at(row);
      if (!(interview > 0)) continue;
      const other = byInterview.get(interview);
      if (other === undefined) byInterview.set(interview, row);
      else this.checkSame(table, year, interview, other, row);
    }
    const rows = Int32Array.from({ length: this.rows }, (_, i) => byInterview.get(own.at(i)) ?? -1);
    this.joined = { table, year, rows };
    return rows;
  }

  /** A family stands once for each of its heads where several waves share a file; the rows must then agree. */
  private checkSame(table: PsidTable, year: number, interview: number, a: number, b: number): void {
    for (const concept of familyConcepts) {
      const name = this.variables.of(concept, year);
      const column = name === undefined ? undefined : table.columns.get(name);
      if (column === undefined || Object.is(column.at(a), column.at(b))) continue;
      throw new UserError(
        `${table.place}: families ${a + 1} and ${b + 1} have the interview number ${interview} of ${year}, but differ in ${name}`,
        "Download the file again.",
      );
    }
  }
}

const familyQuestions: readonly Concept[] = concepts.filter(
  (concept) => concept === "family_interview" || /^(reference|spouse)_/.test(concept),
);

const familyConcepts: readonly Concept[] = [
  "reference_status",
  "reference_status_first_mention",
  "spouse_status",
  "spouse_status_first_mention",
  "reference_occupation_1970",
  "spouse_occupation_1970",
  "reference_occupation_2000",
  "spouse_occupation_2000",
  "reference_occupation_2010",
  "spouse_occupation_2010",
  "reference_race",
  "state_psid",
];
