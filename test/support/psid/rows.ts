import type { Concept, PsidVariables } from "labor-llm/dist/surveys/psid/variables";
import { headOf, type Person, type PersonWave, waves } from "./careers";
import { fipsOf, regionCode } from "./codes";

/** A column of a synthetic download: its cells as text, "" where missing. */
export interface Column {
  variable: string;
  label: string;
  width: number;
  cells: string[];
}

const statics: readonly Concept[] = ["interview_1968", "person_number", "sex"];
const individual: readonly Concept[] = [
  "interview",
  "sequence",
  "relation",
  "age",
  "birth_year",
  "weight",
  "schooling",
  "own_status",
];
const family: readonly Concept[] = [
  "family_interview",
  "reference_status",
  "reference_status_first_mention",
  "spouse_status",
  "spouse_status_first_mention",
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
];

const decimals = new Set<Concept>(["weight"]);

/** Columns of the individual file, one row a person. */
export function individualColumns(persons: readonly Person[], variables: PsidVariables): Column[] {
  const columns = statics.map((concept) =>
    column(variables, concept, 0, persons, (person) =>
      concept === "sex"
        ? person.sex
        : concept === "person_number"
          ? person.id % 1000
          : Math.floor(person.id / 1000),
    ),
  );
  waves.forEach((year, w) => {
    for (const concept of individual) {
      const name = variables.of(concept, year);
      if (name === undefined || columns.some((other) => other?.variable === name)) continue;
      columns.push(
        column(variables, concept, year, persons, (person) => own(concept, person, person.waves[w], year)),
      );
    }
  });
  return columns;
}

/** Columns of a wave's family variables, one row for each of the given persons' families. */
export function familyColumns(
  persons: readonly Person[],
  variables: PsidVariables,
  year: number,
  rows: readonly Person[],
): Column[] {
  const w = waves.indexOf(year);
  const families = rows.map((person) => {
    const { place, family: number } = person.waves[w];
    if (place !== "reference" && place !== "spouse" && place !== "child") return undefined;
    const spouse = persons.find(({ waves }) => waves[w].place === "spouse" && waves[w].family === number);
    return { head: headOf(persons, number, year), spouse, member: person };
  });
  return family
    .filter((concept) => variables.of(concept, year) !== undefined)
    .map((concept) =>
      column(variables, concept, year, families, (found) => {
        if (found === undefined) return undefined;
        if (concept === "family_interview") return interview(found.member, found.member.waves[w], year);
        return ofFamily(concept, found, w);
      }),
    );
}

function own(concept: Concept, person: Person, wave: PersonWave, year: number): number {
  const present = wave.place === "reference" || wave.place === "spouse" || wave.place === "child";
  const relation = { reference: 1, spouse: 2, child: 3 }[wave.place as "child"] ?? 0;
  switch (concept) {
    case "interview":
      return interview(person, wave, year);
    case "sequence":
      return wave.sequence;
    case "relation":
      return year < 1983 ? relation : relation === 2 && person.id % 2 === 0 ? 22 : relation * 10;
    case "age":
      return present ? Math.max(1, year - person.birthYear) : 0;
    case "birth_year":
      return present ? person.birthYear : 0;
    case "weight":
      return wave.weight;
    case "schooling":
      return wave.schooling;
    default:
      return wave.status;
  }
}

/** Numbers of families in a wave. In 1968 it is the number that identifies the family's persons ever after. */
function interview(person: Person, wave: PersonWave, year: number): number {
  if (year === 1968) return Math.floor(person.id / 1000);
  return wave.place === "nowhere" ? 0 : wave.family + 10 * (year - 1968);
}

interface Family {
  head?: Person;
  spouse?: Person;
  member: Person;
}

function ofFamily(concept: Concept, { head, spouse, member }: Family, w: number): number | undefined {
  const year = waves[w];
  const person = concept.startsWith("spouse") ? spouse : head;
  if (concept === "region") return regionCode((head ?? member).state);
  if (concept === "state_psid") return (head ?? member).state;
  if (concept === "state_fips") return fipsOf((head ?? member).state);
  if (person === undefined) return 0;
  const wave = person.waves[w];
  if (concept.endsWith("_sex")) return person.sex;
  if (concept.endsWith("_age")) return year - person.birthYear;
  if (concept.includes("_status")) return wave.status;
  if (/_digits?$/.test(concept)) return wave.occupation > 0 ? 1 + (wave.occupation % 8) : 0;
  if (concept.includes("_occupation")) return wave.occupation;
  if (concept.endsWith("_hispanic")) return person.ethnicity === "hispanic" ? 1 + (person.id % 7) : 0;
  return race(person, year);
}

function race({ ethnicity }: Person, year: number): number {
  if (ethnicity === "hispanic") return year < 1985 ? 3 : year >= 1997 && year <= 2003 ? 5 : 7;
  return { white: 1, black: 2, other: 7 }[ethnicity];
}

function column<T>(
  variables: PsidVariables,
  concept: Concept,
  year: number,
  rows: readonly T[],
  value: (row: T) => number | undefined,
): Column {
  const cells = rows.map((row) => {
    const found = value(row);
    return found === undefined ? "" : decimals.has(concept) ? found.toFixed(3) : String(found);
  });
  return {
    variable: variables.of(concept, year) as string,
    label: `${concept.replaceAll("_", " ").toUpperCase()} ${year || ""}`.trim(),
    width: decimals.has(concept) ? 7 : Math.max(1, ...cells.map(({ length }) => length)),
    cells,
  };
}
