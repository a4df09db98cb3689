import { UserError } from "../../errors";
import { dataFile, readCsv } from "../../files";
import { quote } from "../../quote";

/** What a variable of a wave holds; `data/variables/psid.md` describes each. */
export const concepts = [
  "interview_1968",
  "person_number",
  "sex",
  "interview",
  "family_interview",
  "sequence",
  "relation",
  "age",
  "birth_year",
  "weight",
  "schooling",
  "own_status",
  "reference_status_first_mention",
  "reference_status",
  "spouse_status_first_mention",
  "spouse_status",
  "reference_occupation_1_digit",
  "reference_occupation_2_digits",
  "spouse_occupation_2_digits",
  "reference_occupation_1970_retrospective",
  "spouse_occupation_1970_retrospective",
  "reference_occupation_1970",
  "spouse_occupation_1970",
  "reference_occupation_2000",
  "spouse_occupation_2000",
  "reference_occupation_2010",
  "spouse_occupation_2010",
  "reference_race",
  "spouse_race",
  "reference_hispanic",
  "spouse_hispanic",
  "reference_sex",
  "reference_age",
  "region",
  "state_fips",
  "state_psid",
] as const;

export type Concept = (typeof concepts)[number];

/** Which variable holds what in which wave. */
export class PsidVariables {
  private readonly names = new Map<string, string>();
  readonly waves: readonly number[];

  /** @param rows concept, year (0 for what holds in all waves) and variable; no concept twice in a year */
  constructor(rows: readonly { concept: Concept; year: number; variable: string }[]) {
    for (const { concept, year, variable } of rows) this.names.set(`${concept} ${year}`, variable);
    this.waves = [...new Set(rows.map(({ year }) => year))].filter((year) => year > 0).sort((a, b) => a - b);
  }

  /** The variable of a concept in a wave; undefined if the wave has none. */
  of(concept: Concept, year = 0): string | undefined {
    return this.names.get(`${concept} ${year}`);
  }

  /** All variables, each once. */
  get all(): string[] {
    return [...new Set(this.names.values())];
  }
}

/**
 * Reads a table of variables by wave: columns concept, year, variable; an empty year is every wave.
 * @param path the repository's own (`data/variables/psid.csv`) by default, for example to add a new wave
 * @throws UserError with file and line: a concept that is none, a year that is none, a concept with two variables in
 * one year, a variable that stands for two years
 */
export function readPsidVariables(path = dataFile("variables", "psid.csv")): PsidVariables {
  const table = readCsv(path);
  const [conceptAt, yearAt, variableAt] = ["concept", "year", "variable"].map((name) => table.columnOf(name));
  const first = new Map<string, number>();
  const yearOf = new Map<string, number>();
  const rows = table.rows.map((cells, row) => {
    const concept = cells[conceptAt] as Concept;
    const year = Number(cells[yearAt]);
    const variable = cells[variableAt].toUpperCase();
    const refuse = (problem: string, remedy: string) => {
      throw new UserError(`${table.placeOf(row)}: ${problem}`, remedy);
    };
    if (!concepts.includes(concept))
      refuse(`${quote(concept)} is no concept`, `Use one of ${concepts.join(", ")}.`);
    if (cells[yearAt] !== "" && !/^(19|20)\d\d$/.test(cells[yearAt])) {
      refuse(`${quote(cells[yearAt])} is no year`, "Give the year of the wave, or nothing for all waves.");
    }
    if (!/^[A-Z]\w*$/.test(variable))
      refuse(`${quote(variable)} is no variable`, "Give its name, as ER30001.");
    const other = first.get(`${concept} ${year}`);
    if (other !== undefined) {
      refuse(
        `${concept} has a second variable in ${year}, the first at ${table.placeOf(other)}`,
        "Keep one.",
      );
    }
    first.set(`${concept} ${year}`, row);
    const elsewhere = yearOf.get(variable) ?? year;
    if (year > 0 && elsewhere > 0 && elsewhere !== year) {
      refuse(`${variable} stands for ${elsewhere} and for ${year}`, "Two waves cannot share a variable.");
    }
    yearOf.set(variable, Math.max(year, yearOf.get(variable) ?? 0));
    return { concept, year, variable };
  });
  return new PsidVariables(rows);
}
