import { specialStates } from "../../occupations";
import type { EmploymentStatus } from "./codes";
import type { PsidVariables } from "./variables";

/** What a person-year of an employment status is: the occupation held, a special state, or nothing. */
export type StatusRule = "occupation" | "drop" | (typeof specialStates)[keyof typeof specialStates];

export const statusRules: readonly StatusRule[] = ["occupation", "drop", ...Object.values(specialStates)];

/** The rules by which the PSID becomes careers. */
export interface PsidRules {
  /** Who is followed. Only they have occupations in the family files. */
  who: "reference persons and spouses" | "reference persons";
  /** First and last wave. */
  years: readonly [number, number];
  /** What each employment status makes of a person-year. */
  statuses: Readonly<Record<EmploymentStatus, StatusRule>>;
  /**
   * Where no employment status is known (spouses were not asked before 1976, nor in 1977 and 1978): "occupation" takes
   * the code of a job held, where there is one. Never from 2003, when the code may be that of the last job.
   */
  withoutStatus: "occupation" | "drop";
  /** Years of schooling up to a wave: the highest told so far, or the latest. */
  schooling: "highest" | "latest";
  /**
   * Before the first answer on schooling, that answer holds in years in which the person is at least this old. (The
   * individual file has no schooling of heads and wives from 1969 to 1974.) Infinity: never.
   */
  schoolingBeforeFrom: number;
  /** Where no wave tells the birth year: the first wave's year less the age then, which can be off by one. */
  birthYearFromAge: boolean;
  /** Carry each wave's individual weight (0 for persons outside the sample). */
  weights: boolean;
  /**
   * Where variables are missing from the download: "refuse" with their names, or "accept": waves that lack something
   * essential are dropped in the account of rows, other values are missing.
   */
  missingVariables: "refuse" | "accept";
  /** Which variable holds what in which wave: `readPsidVariables`; the repository's own table by default. */
  variables: PsidVariables | undefined;
}

/** The rules that hold by default. */
export const psidRules: PsidRules = {
  who: "reference persons and spouses",
  years: [1968, 2100],
  statuses: {
    working: "occupation",
    // They have a job; until 1975 the question does not tell them from the working.
    "temporarily laid off": "occupation",
    unemployed: specialStates.unemployed,
    retired: specialStates.notInLaborForce,
    disabled: specialStates.notInLaborForce,
    "keeping house": specialStates.notInLaborForce,
    student: specialStates.inEducation,
    other: "drop",
  },
  withoutStatus: "occupation",
  schooling: "highest",
  schoolingBeforeFrom: 25,
  birthYearFromAge: true,
  weights: true,
  missingVariables: "refuse",
  variables: undefined,
};
