import { type EducationLevel, educationLevels } from "../../careers";
import type { NlsRules } from "./rules";

const [lessThanHighSchool, highSchool, someCollege, college, graduate] = educationLevels;

/** What has been reported of a person's schooling up to a round; codes as the survey has them. */
export interface Schooling {
  /** Years of schooling. */
  grade?: number;
  degree?: number;
  /** Enrolment status of the round, in the survey's codes. */
  enrolment?: number;
}

/** Years of schooling as a level: under 12, 12, 13 to 15, 16 to 17, 18 and more. 95 is "ungraded". */
export function levelOfGrade(grade: number | undefined): EducationLevel | undefined {
  if (grade === undefined || grade < 0 || grade > 20) return undefined;
  if (grade < 12) return lessThanHighSchool;
  if (grade === 12) return highSchool;
  if (grade < 16) return someCollege;
  return grade < 18 ? college : graduate;
}

/**
 * The level of the NLSY79. Degrees (asked from 1988): 1 high school diploma or equivalent, 2 associate, 3 and 4
 * bachelor, 5 master, 6 doctorate, 7 professional, 8 other.
 */
export function level79(
  { grade, degree }: Schooling,
  rule: NlsRules["education"],
): EducationLevel | undefined {
  const byGrade = levelOfGrade(grade);
  if (rule === "grade" || degree === undefined) return byGrade;
  if (degree >= 5 && degree <= 7) return graduate;
  if (degree === 3 || degree === 4) return college;
  if (degree === 2) return someCollege;
  if (degree === 1) return grade !== undefined && grade > 12 && grade <= 20 ? someCollege : highSchool;
  return byGrade;
}

/** Enrolment statuses of the NLSY97 that tell of college without a degree of it: 4, 9 and 10. */
const inCollege = [4, 9, 10];

const levelOfEnrolment97: Record<number, EducationLevel> = {
  1: lessThanHighSchool,
  2: highSchool,
  3: highSchool,
  4: someCollege,
  5: someCollege,
  6: college,
  7: graduate,
  8: lessThanHighSchool,
  9: someCollege,
  10: someCollege,
  11: college,
};

/**
 * The level of the NLSY97. Degrees (from 1998): 0 none, 1 GED, 2 high school diploma, 3 associate, 4 bachelor,
 * 5 master, 6 doctorate, 7 professional. Enrolment: 1 to 7 not enrolled (no diploma, GED, diploma, some college,
 * two-year, four-year, graduate degree), 8 in school, 9 two-year college, 10 four-year college, 11 graduate program.
 */
export function level97(
  { grade, degree, enrolment }: Schooling,
  rule: NlsRules["education"],
): EducationLevel | undefined {
  const byGrade = levelOfGrade(grade);
  if (rule === "grade") return byGrade;
  if (degree === undefined || degree > 7) return levelOfEnrolment97[enrolment ?? -1] ?? byGrade;
  if (degree >= 5) return graduate;
  if (degree === 4) return college;
  if (degree === 3) return someCollege;
  if (degree === 0) return lessThanHighSchool;
  const beyond = grade !== undefined && grade > 12 && grade <= 20;
  return beyond || inCollege.includes(enrolment ?? -1) ? someCollege : highSchool;
}
