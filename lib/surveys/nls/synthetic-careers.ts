import { type Career, type Covariates, educationLevels, type Observation } from "../../careers";
import { type Crosswalk, specialStates } from "../../occupations";
import type { Random } from "../../random";

/** What a synthetic person does in a round; `observation` is absent where there is none to be told. */
export interface SyntheticRound {
  year: number;
  interviewed: boolean;
  /** "uncoded": at work, with no occupation on record. */
  state: "work" | "uncoded" | "unemployed" | "out" | "school";
  /** Place among `educationLevels`. */
  level: number;
  observation?: Observation;
}

/** A made-up person: the career that a reader must find, and the rounds behind it. */
export interface SyntheticPerson {
  career: Career;
  rounds: SyntheticRound[];
}

/** The titles that a list of codes can name, and the codes of each. */
export type CodesByTitle = ReadonlyMap<string, readonly number[]>;

/** The codes of each title in a vintage, of those below 10,000. */
export function codesByTitle({ toOccupation }: Crosswalk): CodesByTitle {
  const codes = new Map<string, number[]>();
  for (let code = 1; code < 10_000; code++) {
    const title = toOccupation(code)?.title;
    if (title !== undefined) codes.set(title, [...(codes.get(title) ?? []), code]);
  }
  return codes;
}

/** What the law of synthetic persons needs to know of a survey. */
export interface SyntheticSurvey {
  years: readonly number[];
  birthYears: readonly [first: number, last: number];
  ethnicities: readonly string[];
  titlesOf(year: number): CodesByTitle;
  /** Years in which enrolment is asked. */
  asksEnrolment(year: number): boolean;
  /** Years of which the labor force status can be told; of others a reader makes no person-years. */
  tellsStatus(year: number): boolean;
}

const regions = ["northeast", "north central", "south", "west"];

/**
 * A person of a plain law: school up to a level that is drawn, then jobs (kept with probability 0.7), spells without
 * work, missed rounds, and attrition.
 */
export function syntheticPerson(
  survey: SyntheticSurvey,
  identifier: number,
  random: Random,
): SyntheticPerson {
  const [first, last] = survey.birthYears;
  const birthYear = first + random.integer(last - first + 1);
  const covariates: Covariates = {
    gender: random.choice(["male", "female"]),
    ethnicity: random.choice(survey.ethnicities),
    region: random.choice(regions),
    birthYear,
  };
  const goal = random.integer(educationLevels.length);
  const leaves = survey.years[0] + 6 + random.integer(2 * survey.years.length);
  const rounds: SyntheticRound[] = [];
  const observations: Observation[] = [];
  let title: string | undefined;
  for (const year of survey.years) {
    const present = year === survey.years[0] || (year < leaves && random.uniform() > 0.07);
    const level = levelAt(year - birthYear, goal);
    const round: SyntheticRound = { year, interviewed: present, state: "out", level };
    rounds.push(round);
    if (!present) continue;
    round.state = stateAt(survey, year, level, goal, random);
    title = titleAt(survey.titlesOf(year), round.state, title, random) ?? title;
    const shown = round.state === "work" ? title : titleOfState[round.state];
    if (shown === undefined) continue;
    round.observation = {
      year,
      title: shown,
      education: educationLevels[level],
      weight: (20_000 + random.integer(900_000)) / 100,
    };
    if (survey.tellsStatus(year)) observations.push(round.observation);
  }
  return { career: { person: String(identifier), covariates, observations }, rounds };
}

const titleOfState: Partial<Record<SyntheticRound["state"], string>> = {
  unemployed: specialStates.unemployed,
  out: specialStates.notInLaborForce,
  school: specialStates.inEducation,
};

/** Ages at which the levels above the first are reached. */
const ages = [18, 20, 23, 27];

function levelAt(age: number, goal: number): number {
  return Math.min(goal, ages.filter((reached) => age >= reached).length);
}

function stateAt(
  survey: SyntheticSurvey,
  year: number,
  level: number,
  goal: number,
  random: Random,
): SyntheticRound["state"] {
  if (!survey.tellsStatus(year)) return "work";
  const draw = random.uniform();
  // A high school diploma alone says that school is over: all who go on have begun college.
  if (level < goal && level !== 1 && survey.asksEnrolment(year) && draw < 0.75) return "school";
  if (draw < 0.8) return "work";
  if (draw < 0.88) return "unemployed";
  return draw < 0.96 ? "out" : "uncoded";
}

function titleAt(
  titles: CodesByTitle,
  state: SyntheticRound["state"],
  held: string | undefined,
  random: Random,
): string | undefined {
  if (state !== "work") return undefined;
  if (held !== undefined && titles.has(held) && random.uniform() < 0.7) return held;
  return random.choice([...titles.keys()]);
}
