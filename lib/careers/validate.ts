import { UserError } from "../errors";
import type { TitleSet } from "../occupations";
import { clip, quote } from "../quote";
import type { Career, Covariates, Observation } from "./career";

/** The genders that a career may have. Closed, so that the text can tell a gender from an ethnicity. */
export const genders: readonly string[] = ["female", "male", "nonbinary"];

/** The fields of a career that are free text. */
export type TextField = "person" | "title" | "education" | "gender" | "ethnicity" | "region";

/** What is wrong with a value, and what to do about it. */
export interface Problem {
  problem: string;
  remedy: string;
}

// Controls (line breaks and tabs among them), the Unicode line and paragraph separators, lone surrogates.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/**
 * Why a value cannot stand in the text of a career so that it can be read back, or undefined where it can.
 * The rules are the fewest that make the template unambiguous: one line, no space at either end, a known
 * gender, an education without "): ", an ethnicity that neither starts with a gender nor runs into the region.
 */
export function textProblem(field: TextField, value: string): Problem | undefined {
  const shown = `${field} ${quote(value)}`;
  if (value === "") return { problem: `${field} is empty`, remedy: "Fill it in." };
  if (value.trim() !== value)
    return { problem: `${shown} starts or ends with a space`, remedy: "Remove the space." };
  if (unprintable.test(value)) {
    return { problem: `${shown} has a line break or another control character`, remedy: "Remove it." };
  }
  if (field === "gender" && !genders.includes(value)) {
    return {
      problem: `${shown} is none of ${genders.join(", ")}`,
      remedy: "Use one of these, or leave it empty.",
    };
  }
  if (field === "education" && value.includes("): ")) {
    return { problem: `${shown} contains "): ", which ends the education in the text`, remedy: "Reword it." };
  }
  if (field === "ethnicity") {
    if (genders.includes(value.split(" ", 1)[0])) {
      return { problem: `${shown} starts with a gender`, remedy: "Put the gender in its own field." };
    }
    if (value.includes("worker residing in the")) {
      return { problem: `${shown} contains "worker residing in the"`, remedy: "Reword it." };
    }
  }
  return undefined;
}

/** Why a number cannot be a year of the text (four digits), or undefined where it can. */
export function yearProblem(field: "year" | "birthYear", value: number): Problem | undefined {
  if (Number.isInteger(value) && value >= 1000 && value <= 9999) return undefined;
  return { problem: `${field} ${value} is not a year of four digits`, remedy: "Give it as, say, 1984." };
}

/**
 * Checks that a career is what the library takes it to be: at least one observation, years strictly
 * ascending, titles of the set where one is given, and fields that the text can carry (see `textProblem`).
 * @throws UserError naming the person, and the year where there is one
 */
export function validateCareer(career: Career, titles?: TitleSet): void {
  check(`person ${quote(career.person)}`, textProblem("person", career.person));
  validateHistory(career, titles);
}

/** `validateCareer` without the person's identifier, which the text does not hold. */
export function validateHistory(career: Career, titles?: TitleSet): void {
  const who = career.person === "" ? "the career" : `person ${clip(career.person)}`;
  checkCovariates(who, career.covariates);
  if (career.observations.length === 0) {
    throw new UserError(`${who}: no observations`, "Leave out persons who were never observed.");
  }
  let previous: number | undefined;
  for (const observation of career.observations) {
    const where = `${who}, year ${observation.year}`;
    checkObservation(where, observation, titles);
    if (previous !== undefined && observation.year <= previous) {
      throw new UserError(
        `${where}: the year follows ${previous}`,
        "Sort the observations by year and keep one a year.",
      );
    }
    previous = observation.year;
  }
}

function checkCovariates(who: string, covariates: Covariates): void {
  for (const field of ["gender", "ethnicity", "region"] as const) {
    const value = covariates[field];
    if (value !== undefined) check(who, textProblem(field, value));
  }
  if (covariates.birthYear !== undefined) check(who, yearProblem("birthYear", covariates.birthYear));
}

function checkObservation(where: string, { year, title, education }: Observation, titles?: TitleSet): void {
  check(where, yearProblem("year", year));
  check(where, textProblem("title", title));
  if (education !== undefined) check(where, textProblem("education", education));
  if (titles !== undefined && !titles.has(title)) {
    throw new UserError(
      `${where}: ${quote(title)} is none of the ${titles.size} titles`,
      "Check its spelling against the title list.",
    );
  }
}

function check(where: string, found: Problem | undefined): void {
  if (found !== undefined) throw new UserError(`${where}: ${found.problem}`, found.remedy);
}
