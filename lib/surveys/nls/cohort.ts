import type { EducationLevel } from "../../careers";
import type { Vintage } from "../../occupations";
import type { StatusCodes } from "./labor-force";
import type { Round } from "./rounds";
import type { NlsRules } from "./rules";
import type { Schooling } from "./schooling";

/** An occupation code on record, and the list of codes that it is of. */
export interface CodedJob {
  code: number;
  vintage: Vintage;
}

/** What sets a survey of youth apart from the other, for the reader that they share. */
export interface Cohort {
  name: "nlsy79" | "nlsy97";
  tag: "NLSY79" | "NLSY97";
  /** Persons of the survey, all of whom every download has. */
  persons: number;
  /** By code of the ethnicity variable. */
  ethnicities: Record<number, string>;
  /** The ethnicity that is neither black nor Hispanic, which a rule words. */
  otherEthnicity: number;
  status: StatusCodes;
  isEnrolled(code: number): boolean;
  level(schooling: Schooling, rule: NlsRules["education"]): EducationLevel | undefined;
  /**
   * The job of a round's year by the rules; undefined where no occupation of it is on record.
   * @param rounds all of the survey's rounds, in order
   */
  job(round: Round, row: number, rules: NlsRules, rounds: readonly Round[]): CodedJob | undefined;
}
