import { UserError } from "../../errors";
import { numberIn } from "../../numerals";
import { quote } from "../../quote";

/**
 * How the NLSY's rounds become person-years. The paper does not tell its rules; the defaults are ours. Each round
 * gives at most one person-year.
 */
export interface NlsRules {
  /**
   * The year of a person-year. "round": the year by which the survey calls the round. "interview": the calendar
   * year of the interview where the download tells it; of two rounds in one calendar year the first counts.
   */
  year: "round" | "interview";
  /**
   * Where the labor force status of a year comes from first; the other source fills what it leaves open. "weeks":
   * the weekly arrays, of which the state that takes most weeks of the calendar year counts (a tie goes to work, then
   * to unemployment). "round": the status in the survey week (NLSY79 up to 1998, and 2006).
   */
  status: "weeks" | "round";
  /** Weeks of known state that a year needs for the weekly arrays to decide. */
  minimumWeeks: number;
  /**
   * When a year is one of work. "status": by the labor force status; where a person's is not known, a job on record
   * makes it one. "any-job": wherever a job is on record, be it over.
   */
  work: "status" | "any-job";
  /**
   * A round in which nobody's labor force status is on record (the NLSY79 of 2014, or rounds whose weekly arrays were
   * not downloaded). "drop": it is left out, for only people at work would be in it. "job": those with a job on record
   * are in it, and nobody else.
   */
  withoutStatus: "drop" | "job";
  /**
   * When the title is "In education". "unless-working": enrolled in the round, and the year is none of work.
   * "always": enrolled in the round, job or not. "never": enrolment is passed over.
   */
  inEducation: "unless-working" | "always" | "never";
  /**
   * "degree-and-grade": by the highest degree reported so far, and by years of schooling where it leaves open.
   * "grade": by years of schooling alone, under 12, 12, 13 to 15, 16 to 17, 18 and more.
   */
  education: "degree-and-grade" | "grade";
  /** The region that stands for all years: the first that is known, or the last. */
  region: "first" | "last";
  /** Active military service: "occupation" (the military occupations of occ1990dd) or "drop". */
  military: "occupation" | "drop";
  /**
   * How those who are neither black nor Hispanic are called. "survey": "non-black non-hispanic", as in both codebooks,
   * where others than white persons are among them. "white": as much of the literature does.
   */
  otherEthnicity: "white" | "survey";
  /**
   * The job of a year of work. "main": the current or most recent job at the interview; with more than one, the one
   * of most hours (the survey's own main job); where it has no occupation, the first job that has one. "most-weeks",
   * NLSY79 only: the job of most weeks in the calendar year by the weekly arrays, else the main job. A job that goes
   * on has another number in each round, and counts for each by itself.
   */
  job: "main" | "most-weeks";
  /** NLSY79 only: the Census by which the main job of 1982 to 2000 is read. Other jobs have codes of 1970 only. */
  mainJobCodes: "census-1970" | "census-1980";
  /** NLSY97 only: the Census of the occupation codes. "likeliest": the one that has more of the file's codes. */
  occupationCodes: "likeliest" | "census-2002" | "census-2010";
}

/** What counts by default. */
export const defaultNlsRules: NlsRules = {
  year: "round",
  status: "weeks",
  minimumWeeks: 1,
  work: "status",
  withoutStatus: "drop",
  inEducation: "unless-working",
  education: "degree-and-grade",
  region: "first",
  military: "occupation",
  otherEthnicity: "survey",
  job: "main",
  mainJobCodes: "census-1970",
  occupationCodes: "likeliest",
};

const choices: Partial<Record<keyof NlsRules, readonly unknown[]>> = {
  year: ["round", "interview"],
  status: ["weeks", "round"],
  work: ["status", "any-job"],
  withoutStatus: ["drop", "job"],
  inEducation: ["unless-working", "always", "never"],
  education: ["degree-and-grade", "grade"],
  region: ["first", "last"],
  military: ["occupation", "drop"],
  otherEthnicity: ["white", "survey"],
  job: ["main", "most-weeks"],
  mainJobCodes: ["census-1970", "census-1980"],
  occupationCodes: ["likeliest", "census-2002", "census-2010"],
};

/** The rules with defaults filled in. @throws UserError naming a rule that is not known or has a wrong value */
export function nlsRules(options: Partial<NlsRules>): NlsRules {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(defaultNlsRules, name)) {
      throw new UserError(
        `no rule of the NLSY is called ${quote(name)}`,
        `Use ${Object.keys(defaultNlsRules).join(", ")}.`,
      );
    }
    const allowed = choices[name as keyof NlsRules];
    if (value !== undefined && allowed !== undefined && !allowed.includes(value)) {
      throw new UserError(`the rule ${name} is ${quote(String(value))}`, `Use ${allowed.join(" or ")}.`);
    }
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const rules: NlsRules = { ...defaultNlsRules, ...given };
  if (!Number.isInteger(rules.minimumWeeks) || rules.minimumWeeks < 1 || rules.minimumWeeks > 53) {
    throw new UserError(
      `the rule minimumWeeks is ${rules.minimumWeeks}`,
      "Give a whole number from 1 to 53.",
    );
  }
  return rules;
}

/** Rules as a user writes them, name by name. @throws UserError as `nlsRules` */
export function nlsRulesOfText(texts: Readonly<Record<string, string>>): Partial<NlsRules> {
  const rules: Record<string, unknown> = { ...texts };
  const { minimumWeeks } = texts;
  if (minimumWeeks !== undefined) {
    rules.minimumWeeks = numberIn(minimumWeeks);
    if (Number.isNaN(rules.minimumWeeks)) {
      throw new UserError(
        `the rule minimumWeeks is ${quote(minimumWeeks)}`,
        "Give a whole number from 1 to 53.",
      );
    }
  }
  nlsRules(rules);
  return rules;
}
