import type { KnownLaw } from "../../careers";
import type { Random } from "../../random";
import { type CovariateShares, type LawPerson, lawEthnicities, lawGenders, lawRegions } from "../law";

export type SyntheticKind = KnownLaw["kind"];

/** Whom a synthetic survey asks, and when: that depends on age, and not on titles. */
export interface SyntheticDesign {
  name: string;
  surveyTag: string;
  /** Before the number in a person's identifier. */
  prefix: string;
  /** Persons by default, and about as many as in the paper's survey (PSID: its 52,500 less the two cohorts). */
  persons: number;
  paperPersons: number;
  /** Years of the interviews, ascending. */
  rounds: readonly number[];
  /** Nobody is asked beyond this age, but for the first time. */
  lastAge: number;
  /** P(a round missed), and P(lost for good) after each round. */
  missed: number;
  lost: number;
  covariates: CovariateShares & { birthYear: readonly { birthYear: number; share: number }[] };
  /** The year from which a person can be asked, given the birth year. */
  entry(birthYear: number, random: Random): number;
  /** Years for which a record goes on at most, after the first; unbounded by default. */
  length?: (random: Random) => number;
  /** Covariates that the records hold. */
  records: readonly ("gender" | "ethnicity" | "region" | "birthYear")[];
  /** false: nobody is without a job. */
  specialStates: boolean;
}

const years = (first: number, last: number, step = 1) =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);

const born = (first: number, last: number) =>
  years(first, last).map((birthYear) => ({ birthYear, share: 1 / (last - first + 1) }));

const all = ["gender", "ethnicity", "region", "birthYear"] as const;

const psidRounds = [...years(1968, 1997), ...years(1999, 2021, 2)];
/** PSID-like: families of 1968 as they are; those born later join at 18 to 25, when they leave home. */
const psidJoins = (birthYear: number, delay: number) => (birthYear <= 1950 ? 1968 : birthYear + 18 + delay);

export const syntheticDesigns: Readonly<Record<SyntheticKind, SyntheticDesign>> = {
  "psid-like": {
    name: "synthetic-psid",
    surveyTag: "synthetic PSID",
    prefix: "spsid-",
    persons: 1000,
    paperPersons: 31_000,
    rounds: psidRounds,
    lastAge: 75,
    missed: 0.03,
    lost: 0.03,
    covariates: {
      gender: { female: 0.52, male: 0.48 },
      ethnicity: { white: 0.6, black: 0.34, hispanic: 0.06 },
      region: { northeast: 0.15, "north central": 0.26, south: 0.43, west: 0.16 },
      birthYear: born(1908, 1996),
      entry: (year, birthYear) =>
        years(0, 7).filter((d) => psidRounds.find((round) => round >= psidJoins(birthYear, d)) === year)
          .length / 8,
    },
    entry: (birthYear, random) => psidJoins(birthYear, random.integer(8)),
    records: all,
    specialStates: true,
  },
  "nlsy79-like": {
    name: "synthetic-nlsy79",
    surveyTag: "synthetic NLSY79",
    prefix: "s79-",
    persons: 2000,
    paperPersons: 12_686,
    rounds: [...years(1979, 1994), ...years(1996, 2020, 2)],
    lastAge: 75,
    missed: 0.04,
    lost: 0.012,
    covariates: {
      gender: { female: 0.5, male: 0.5 },
      ethnicity: { white: 0.59, black: 0.25, hispanic: 0.16 },
      region: { northeast: 0.19, "north central": 0.24, south: 0.37, west: 0.2 },
      birthYear: born(1957, 1964),
    },
    entry: () => 1979,
    records: all,
    specialStates: true,
  },
  "nlsy97-like": {
    name: "synthetic-nlsy97",
    surveyTag: "synthetic NLSY97",
    prefix: "s97-",
    persons: 1500,
    paperPersons: 8984,
    rounds: [...years(1997, 2011), ...years(2013, 2021, 2)],
    lastAge: 75,
    missed: 0.06,
    lost: 0.012,
    covariates: {
      gender: { female: 0.49, male: 0.51 },
      ethnicity: { white: 0.52, black: 0.27, hispanic: 0.21 },
      region: { northeast: 0.17, "north central": 0.22, south: 0.38, west: 0.23 },
      birthYear: born(1980, 1984),
    },
    entry: () => 1997,
    records: all,
    specialStates: true,
  },
  resumes: {
    name: "synthetic-resumes",
    surveyTag: "synthetic resumes",
    prefix: "resume-",
    persons: 5000,
    paperPersons: 1_000_000,
    rounds: years(1970, 2021),
    lastAge: 75,
    missed: 0,
    lost: 0,
    covariates: {
      gender: { female: 0.45, male: 0.55 },
      ethnicity: { white: 0.75, black: 0.12, hispanic: 0.13 },
      region: { northeast: 0.25, "north central": 0.2, south: 0.3, west: 0.25 },
      birthYear: born(1952, 1996),
      firstEducation: [0.02, 0.09, 0.24, 0.45, 0.2],
      entry: (year, birthYear) => (year >= birthYear + 20 && year < birthYear + 26 ? 1 / 6 : 0),
    },
    entry: (birthYear, random) => birthYear + 20 + random.integer(6),
    length: (random) => 3 + random.integer(18),
    records: ["gender", "birthYear"],
    specialStates: false,
  },
};

/** A person of the survey, whoever is drawn. */
export function drawPerson({ covariates }: SyntheticDesign, random: Random): LawPerson {
  const pick = (name: "gender" | "ethnicity" | "region", values: readonly string[]) =>
    random.weighted(values.map((value) => covariates[name][value] ?? 0));
  return {
    gender: pick("gender", lawGenders),
    ethnicity: pick("ethnicity", lawEthnicities),
    region: pick("region", lawRegions),
    birthYear:
      covariates.birthYear[random.weighted(covariates.birthYear.map(({ share }) => share))].birthYear,
  };
}
