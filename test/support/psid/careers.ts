import type { Career, Observation } from "labor-llm/dist/careers/career";
import { educationLevels } from "labor-llm/dist/careers/education";
import { occupations } from "labor-llm/dist/occupations/occupations";
import { specialStates } from "labor-llm/dist/occupations/special-states";
import { Random } from "labor-llm/dist/random";
import { codesOf, regionOfPsidState, vintageOf } from "./codes";

/** The waves of the PSID: annual to 1997, biennial after. */
export const waves = Array.from({ length: 54 }, (_, i) => 1968 + i).filter((y) => y <= 1997 || y % 2 === 1);

/** What an invented person does in a wave, as the interview would code it. */
export interface PersonWave {
  /** Where the person is: in a family as `relation`, or away as `sequence` says. */
  place: "reference" | "spouse" | "child" | "institution" | "moved out" | "died" | "nowhere";
  family: number;
  sequence: number;
  status: number;
  occupation: number;
  schooling: number;
  weight: number;
  /** What a reader should make of it; absent where nothing. */
  truth?: Observation;
}

export interface Person {
  id: number;
  sex: number;
  birthYear: number;
  ethnicity: "white" | "black" | "hispanic" | "other";
  /** The PSID's own code of the household's state. */
  state: number;
  waves: PersonWave[];
}

/**
 * Invented persons in households of a reference person, perhaps a spouse, perhaps a child; some couples part. Nothing
 * of it comes from the PSID.
 */
export function inventPersons(seed: number, households: number): Person[] {
  const random = new Random("synthetic PSID", seed);
  const persons: Person[] = [];
  for (let household = 0; household < households; household++) {
    const state = 1 + random.integer(51);
    const first = random.integer(20);
    const parting = random.uniform() < 0.2 ? first + 3 + random.integer(15) : waves.length;
    const members = (["reference", "spouse", "child"] as const).slice(0, 1 + random.integer(3));
    members.forEach((member, k) => {
      const person: Person = {
        id: (household + 1) * 1000 + k + 1,
        sex: 1 + random.integer(2),
        birthYear: waves[first] - (member === "child" ? 1 + random.integer(10) : 18 + random.integer(40)),
        ethnicity: random.choice(["white", "black", "hispanic", "other"]),
        state,
        waves: [],
      };
      const last = first + 1 + random.integer(waves.length - first);
      let schooling = 8 + random.integer(6);
      waves.forEach((year, w) => {
        if (random.uniform() < 0.05) schooling = Math.min(17, schooling + 1);
        const parted = w >= parting && member === "spouse";
        const place = parted ? "reference" : w < first ? "nowhere" : w < last ? member : "nowhere";
        const away = random.uniform();
        person.waves.push(
          personWave(random, year, {
            place:
              place === "nowhere" || away > 0.06
                ? w === last && !parted && w > first
                  ? random.choice(["moved out", "died"])
                  : place
                : random.choice(["institution", "nowhere"]),
            family: household * 2 + (parted ? 2 : 1),
            schooling: member === "child" && schooling > 12 ? 12 : schooling,
          }),
        );
      });
      persons.push(person);
    });
  }
  return persons;
}

function personWave(
  random: Random,
  year: number,
  { place, family, schooling }: Pick<PersonWave, "place" | "family" | "schooling">,
): PersonWave {
  const present = place === "reference" || place === "spouse" || place === "child";
  const wave: PersonWave = {
    place: year === 1968 && !present ? "nowhere" : place,
    family,
    sequence: { reference: 1, spouse: 2, child: 3, institution: 51, "moved out": 71, died: 81, nowhere: 0 }[
      place
    ],
    status: 0,
    occupation: 0,
    // Heads and wives have no schooling in the individual file from 1970 to 1974.
    schooling: present && !(year >= 1969 && year <= 1974 && place !== "child") ? schooling : 0,
    weight: present ? random.integer(100_000) / 1000 : 0,
  };
  if (place !== "reference" && place !== "spouse") return wave;
  const { codes, unknown } = vintageOf(year);
  const early = year < 1976;
  const asked = place === "reference" || year === 1976 || year >= 1979;
  const [working, laidOff, unemployed, retired, student, other] = early
    ? [1, 1, 2, 3, 5, 6]
    : [1, 2, 3, 4 + random.integer(3), 7, 8];
  const occupation = random.choice([...codes.keys()]);
  const job = codesOf(codes, occupation, random);
  const title = occupations.find(({ code }) => code === occupation)?.title;
  const become = (status: number, code: number, truth?: string) => {
    wave.status = asked ? status : 0;
    wave.occupation = code;
    if (truth !== undefined) wave.truth = { year, title: truth, weight: Math.fround(wave.weight) };
  };
  // From 2003 those who do not work have the code of their last job.
  const lastJob = year >= 2003 && random.uniform() < 0.5 ? job : 0;
  const u = random.uniform();
  if (u < 0.5) become(working, job, title);
  else if (u < 0.55) become(laidOff, job, title);
  else if (u < 0.6) become(working, random.choice([0, unknown]));
  else if (u < 0.65) become(9, job, year < 2003 ? title : undefined);
  else if (u < 0.7) become(9, 0);
  else if (u < 0.73) become(other, lastJob);
  else {
    const state = random.choice([
      [unemployed, specialStates.unemployed],
      [retired, specialStates.notInLaborForce],
      [student, specialStates.inEducation],
    ] as const);
    become(state[0], lastJob, asked ? state[1] : lastJob > 0 ? title : undefined);
  }
  return wave;
}

/** The careers that a reader should find, in order of the persons; persons without a person-year are left out. */
export function trueCareers(persons: readonly Person[]): Career[] {
  return persons.flatMap((person) => {
    const gender = person.sex === 1 ? "male" : "female";
    const careers: Career = {
      person: String(person.id),
      covariates: { gender, birthYear: person.birthYear, region: regionOfPsidState(person.state) },
      observations: [],
    };
    const firstTold = person.waves.find(({ schooling }) => schooling > 0)?.schooling;
    let schooling: number | undefined;
    let ethnicity: string | undefined;
    let familyEthnicity: string | undefined;
    for (const { schooling: told, truth, place, family } of person.waves) {
      if (told > 0) schooling = told;
      if (truth === undefined) continue;
      if (place === "reference" || truth.year >= 1985) ethnicity ??= person.ethnicity;
      else familyEthnicity ??= headOf(persons, family, truth.year)?.ethnicity;
      const years = schooling ?? (truth.year - person.birthYear >= 25 ? firstTold : undefined);
      const observation = { ...truth };
      if (years !== undefined) observation.education = level(years);
      careers.observations.push(observation);
    }
    ethnicity ??= familyEthnicity;
    if (ethnicity !== undefined) careers.covariates.ethnicity = ethnicity;
    return careers.observations.length > 0 ? [careers] : [];
  });
}

/** The reference person of a family in a wave, if there is one. */
export function headOf(persons: readonly Person[], family: number, year: number): Person | undefined {
  const w = waves.indexOf(year);
  return persons.find(({ waves: own }) => own[w].place === "reference" && own[w].family === family);
}

function level(years: number): string {
  return educationLevels[[12, 13, 16, 17].filter((bound) => years >= bound).length];
}
