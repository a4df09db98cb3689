import { UserError } from "../errors";
import type { Vintage } from "./crosswalk-tables";

/** Which list of codes a survey's variable holds in the years from `from` to `to`. */
export interface VintageRule {
  survey: "NLSY79" | "NLSY97" | "PSID";
  /** The variables that the rule is of, by the question's name in capitals. */
  variable: RegExp;
  from: number;
  to: number;
  vintage: Vintage;
  /** Where this is known from. */
  source: string;
}

const nlsy79 =
  "question titles in NLS Investigator: CENSUS 3 DIGIT, 70 CODES; CENSUS 4 DIGIT, 00 CODES; and so on";
const nlsy97 =
  "codes of a recent release, 1997 to 2022: many are in the list of 2010 alone, none in that of 2002 alone";
const psid = "labels of the cross-year index: 3-digit 1970 census code; and so on";

/**
 * The rules; the first that fits counts.
 * - NLSY79: CPSOCC is the current or most recent job, OCCALL every job. Question titles are known to us up to 2014;
 *   that later rounds go on with the list of 2002 is an assumption.
 * - NLSY97: the variables are called 2002 whatever they hold; older releases may hold the list of 2002 indeed, so
 *   that a reader should ask `likeliestVintage`.
 * - PSID: from 1968 to 1980 the three-digit codes are those of the retrospective files; the one-digit and two-digit
 *   variables of these years are of no Census list.
 */
export const vintageRules: readonly VintageRule[] = [
  rule("NLSY79", /^OCCALL/, 1979, 2000, "census-1970", nlsy79),
  rule("NLSY79", /^OCCALL/, 2002, 2002, "census-2000", nlsy79),
  rule("NLSY79", /^OCCALL/, 2004, 2022, "census-2002", nlsy79),
  rule("NLSY79", /^CPSOCC70/, 1979, 1993, "census-1970", nlsy79),
  rule("NLSY79", /^CPSOCC80/, 1982, 2000, "census-1980", nlsy79),
  rule("NLSY97", /^YEMP_OCCODE.2002/, 1997, 2022, "census-2010", nlsy97),
  rule("PSID", /./, 1968, 2001, "census-1970", psid),
  rule("PSID", /./, 2003, 2015, "census-2000", psid),
  rule("PSID", /./, 2017, 2021, "census-2010", psid),
];

function rule(
  survey: VintageRule["survey"],
  variable: RegExp,
  from: number,
  to: number,
  vintage: Vintage,
  source: string,
): VintageRule {
  return { survey, variable, from, to, vintage, source };
}

/** A survey's year, and the variable where one year has variables of several lists. */
export interface CodedVariable {
  survey: VintageRule["survey"];
  year: number;
  /** The question's name, `OCCALL-EMP.01`. Default: the variables that code every job. */
  variable?: string;
}

/**
 * The list of codes that a survey's occupations of a year are in (`vintageRules`).
 * @throws UserError if no rule is known
 */
export function vintageOf({ survey, year, variable }: CodedVariable): Vintage {
  const ofSurvey = vintageRules.filter((known) => known.survey === survey);
  const found = ofSurvey.find(
    ({ from, to, variable: of }) =>
      from <= year && year <= to && (variable === undefined || of.test(variable.toUpperCase())),
  );
  if (found !== undefined) return found.vintage;
  const known = ofSurvey.map(({ variable: of, from, to, vintage }) => {
    const name = of.source.replace(/^[^A-Z]+/, "");
    return `${name}${name && " "}${from} to ${to}: ${vintage}`;
  });
  throw new UserError(
    `no rule says which occupation codes ${survey}${variable === undefined ? "" : ` ${variable}`} has in ${year}`,
    known.length > 0 ? `Known are ${known.join("; ")}.` : "Known are NLSY79, NLSY97 and PSID.",
  );
}
