import type { Career } from "../../careers";
import { crosswalk, type Vintage, vintageOf } from "../../occupations";
import { Random } from "../../random";
import { answers79, answers97 } from "./synthetic-answers";
import {
  type CodesByTitle,
  codesByTitle,
  type SyntheticPerson,
  type SyntheticSurvey,
  syntheticPerson,
} from "./synthetic-careers";
import { type SurveyVariable, surveyVariables } from "./variables";

/** A made-up download: the careers that a reader must find in it, and every cell of it. */
export interface SyntheticDownload {
  survey: "nlsy79" | "nlsy97";
  /** Persons with at least one person-year, in the file's order. */
  careers: Career[];
  /** The persons' rounds, those included of which there is no person-year. */
  persons: SyntheticPerson[];
  variables: readonly SurveyVariable[];
  /** A column for each variable. */
  columns: Int32Array[];
}

interface Design extends SyntheticSurvey {
  vintage(year: number): Vintage;
  ethnicityCodes: readonly string[];
  birthYear(year: number): number;
  answers: typeof answers79;
}

const designs: Record<SyntheticDownload["survey"], Omit<Design, "years" | "titlesOf">> = {
  nlsy79: {
    birthYears: [1957, 1964],
    ethnicities: ["hispanic", "black", "non-black non-hispanic"],
    ethnicityCodes: ["", "hispanic", "black", "non-black non-hispanic"],
    asksEnrolment: (year) => year <= 2006,
    tellsStatus: (year) => year <= 2012,
    vintage: (year) => vintageOf({ survey: "NLSY79", year, variable: "OCCALL" }),
    birthYear: (year) => year - 1900,
    answers: answers79,
  },
  nlsy97: {
    birthYears: [1980, 1984],
    ethnicities: ["hispanic", "black", "non-black non-hispanic", "mixed race"],
    ethnicityCodes: ["", "black", "hispanic", "mixed race", "non-black non-hispanic"],
    asksEnrolment: () => true,
    tellsStatus: () => true,
    vintage: (year) => vintageOf({ survey: "NLSY97", year }),
    birthYear: (year) => year,
    answers: answers97,
  },
};

/**
 * Makes up a download of a survey with all variables of our tagset. No answer is anybody's: persons come from a plain
 * law (`syntheticPerson`), drawn from the seed.
 */
export function syntheticDownload(
  survey: SyntheticDownload["survey"],
  { persons: count, seed }: { persons: number; seed: number },
): SyntheticDownload {
  const variables = surveyVariables(survey);
  const tables = new Map<Vintage, CodesByTitle>();
  const codes = (vintage: Vintage) => {
    if (!tables.has(vintage)) tables.set(vintage, codesByTitle(crosswalk(vintage)));
    return tables.get(vintage) as CodesByTitle;
  };
  const years = variables.filter(({ concept }) => concept === "region").map(({ year }) => year as number);
  const base = designs[survey];
  const design: Design = {
    ...base,
    years: years.sort((a, b) => a - b),
    titlesOf: (year) => codes(base.vintage(year)),
  };
  const columns = variables.map(() => new Int32Array(count));
  const places = placesByYear(variables);
  const persons: SyntheticPerson[] = [];
  for (let row = 0; row < count; row++) {
    const random = new Random("synthetic download", survey, seed, row);
    const person = syntheticPerson(design, row + 1, random);
    persons.push(person);
    fillStatic(design, person, row, variables, columns);
    design.years.forEach((year, i) => {
      const titles = design.titlesOf(year);
      const round = person.rounds[i];
      const title = round.state === "work" ? round.observation?.title : undefined;
      const codes1980 = title === undefined ? undefined : codes("census-1980").get(title);
      const answer = design.answers({
        round,
        number: i + 1,
        code: title === undefined ? undefined : random.choice(titles.get(title) as readonly number[]),
        code1980: codes1980?.[0],
        otherCode: random.choice([...titles.values()])[0],
        region: regionCode(person, i, random),
        random,
      });
      for (const place of places.get(year) ?? []) {
        const { concept, item } = variables[place];
        if (concept !== "birth_year") columns[place][row] = answer(concept, item);
      }
    });
  }
  const careers = persons.map(({ career }) => career).filter(({ observations }) => observations.length > 0);
  return { survey, careers, persons, variables, columns };
}

function placesByYear(variables: readonly SurveyVariable[]): Map<number, number[]> {
  const places = new Map<number, number[]>();
  variables.forEach(({ year }, place) => {
    if (year !== undefined) places.set(year, [...(places.get(year) ?? []), place]);
  });
  return places;
}

function fillStatic(
  design: Design,
  { career }: SyntheticPerson,
  row: number,
  variables: readonly SurveyVariable[],
  columns: Int32Array[],
): void {
  const { gender, ethnicity, birthYear } = career.covariates;
  variables.forEach(({ concept, year }, place) => {
    if (concept === "person") columns[place][row] = Number(career.person);
    else if (concept === "sex") columns[place][row] = gender === "male" ? 1 : 2;
    else if (concept === "ethnicity") {
      columns[place][row] = design.ethnicityCodes.indexOf(ethnicity as string);
    } else if (concept === "birth_year") {
      // The NLSY79 asks twice; the second answer may be missing.
      columns[place][row] = year === 1981 ? -5 : design.birthYear(birthYear as number);
    }
  });
}

/** The first round's region is the person's; later a tenth live elsewhere. */
function regionCode({ career }: SyntheticPerson, round: number, random: Random): number {
  const own = ["northeast", "north central", "south", "west"].indexOf(career.covariates.region as string) + 1;
  return round > 0 && random.uniform() < 0.1 ? 1 + random.integer(4) : own;
}
