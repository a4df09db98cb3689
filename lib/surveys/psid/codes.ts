import { type EducationLevel, educationLevels } from "../../careers";
import type { Vintage } from "../../occupations";
import type { Concept } from "./variables";

/** What a person does at the time of an interview, by the answer that comes first. */
export const employmentStatuses = [
  "working",
  "temporarily laid off",
  "unemployed",
  "retired",
  "disabled",
  "keeping house",
  "student",
  "other",
] as const;

export type EmploymentStatus = (typeof employmentStatuses)[number];

/**
 * The status of a code; undefined where it is not known. Until 1975 the head's question has codes of its own: the laid
 * off are among the working, the disabled among the retired.
 */
export function employmentStatus(code: number, year: number): EmploymentStatus | undefined {
  if (year >= 1976) return employmentStatuses[code - 1];
  return statusesTo1975[code - 1];
}

const statusesTo1975: readonly EmploymentStatus[] = [
  "working",
  "unemployed",
  "retired",
  "keeping house",
  "student",
  "other",
];

/** Whether a person follows in the family file as reference person ("head" until 2015) or as spouse or partner. */
export type Role = "reference" | "spouse";

/**
 * The role of a code of relation to the reference person: until 1982 1 and 2; from 1983 10, and 20 or 22 (a legal wife,
 * a partner of at least a year). First-year cohabitors (88) have no questions of their own in the family file.
 */
export function roleOf(relation: number, year: number): Role | undefined {
  if (year < 1983) return relation === 1 ? "reference" : relation === 2 ? "spouse" : undefined;
  return relation === 10 ? "reference" : relation === 20 || relation === 22 ? "spouse" : undefined;
}

/** Why a person with this sequence number is no part of a family that answered; undefined for those who are. */
export function absence(sequence: number): string | undefined {
  if (sequence >= 1 && sequence <= 20) return undefined;
  if (sequence >= 51 && sequence <= 59) return "in an institution";
  if (sequence >= 71 && sequence <= 80) return "moved out, with no interview";
  if (sequence >= 81 && sequence <= 89) return "died before the interview";
  return notInWave;
}

export const notInWave = "in no family interviewed in the wave";

/** A variable of occupations. */
export interface OccupationSource {
  concept: Concept;
  /** Vintage of its codes. */
  vintage: Vintage;
  /** Those who do not work have their last job in it, not nothing. */
  lastJob: boolean;
}

/** Variables of a role's occupation, the best first; those of one or two digits are too coarse for occ1990dd. */
export function occupationSources(role: Role): OccupationSource[] {
  return [
    { concept: `${role}_occupation_1970_retrospective`, vintage: "census-1970", lastJob: false },
    { concept: `${role}_occupation_1970`, vintage: "census-1970", lastJob: false },
    { concept: `${role}_occupation_2000`, vintage: "census-2000", lastJob: true },
    { concept: `${role}_occupation_2010`, vintage: "census-2010", lastJob: true },
  ];
}

/** Years of schooling as a level: 17 is "at least some postgraduate work"; years are not degrees. */
export function educationLevel(years: number): EducationLevel | undefined {
  if (!(years >= 1 && years <= 17)) return undefined;
  const [less, high, some, college, graduate] = educationLevels;
  if (years < 12) return less;
  if (years === 12) return high;
  if (years < 16) return some;
  return years === 16 ? college : graduate;
}

/** A race's words; undefined where it is not known. `year` matters: codes changed in 1985, 1994 and 2005. */
export function raceOf(code: number, year: number): string | undefined {
  if (code === 1) return "white";
  if (code === 2) return "black";
  if (year < 1985) return code === 3 ? hispanic : code === 7 ? otherRace : undefined;
  if (code === 3) return "american indian";
  if (code === 4) return year < 2005 ? "asian or pacific islander" : "asian";
  if (code === 5) return year < 2005 ? hispanic : "pacific islander";
  // 8 is "more than two mentions" until 1993, "do not know" later.
  if (code === 6 || code === 7 || (code === 8 && year < 1994)) return otherRace;
  return undefined;
}

export const hispanic = "hispanic";
const otherRace = "other";

/** Whether a code of Hispanic descent says yes. */
export function isHispanic(code: number): boolean {
  return code >= 1 && code <= 7;
}

const northeast = "northeast";
const northCentral = "north central";
const south = "south";
const west = "west";

/** The region of a code of the PSID's region variable: 5 is Alaska and Hawaii, which the Census counts to the West. */
export function regionOf(code: number): string | undefined {
  return [undefined, northeast, northCentral, south, west, west][code];
}

const regionsOfStates: Record<string, string> = {
  [northeast]: "CT ME MA NH NJ NY PA RI VT",
  [northCentral]: "IL IN IA KS MI MN MO NE ND OH SD WI",
  [south]: "AL AR DE DC FL GA KY LA MD MS NC OK SC TN TX VA WV",
  [west]: "AK AZ CA CO HI ID MT NV NM OR UT WA WY",
};

const regions = new Map(
  Object.entries(regionsOfStates).flatMap(([region, states]) =>
    states.split(" ").map((state) => [state, region] as const),
  ),
);

/** States in the order of the PSID's own codes, 1 to 51: by name, Alaska and Hawaii last. */
const psidStates = (
  "AL AZ AR CA CO CT DE DC FL GA ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI " +
  "SC SD TN TX UT VT VA WA WV WI WY AK HI"
).split(" ");

/** States in the order of their FIPS codes, 1 to 56; "-" where a code is no state's. */
const fipsStates = (
  "AL AK - AZ AR CA - CO CT DE DC FL GA - HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH " +
  "OK OR PA - RI SC SD TN TX UT VT VA - WA WV WI WY"
).split(" ");

/** The Census region of a state's code. */
export function regionOfState(code: number, codes: "psid" | "fips"): string | undefined {
  return regions.get((codes === "psid" ? psidStates : fipsStates)[code - 1] ?? "");
}
