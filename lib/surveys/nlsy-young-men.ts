import type { CareerPanel } from "../careers";
import { UserError } from "../errors";
import { dataFile } from "../files";
import { readMappedPanel } from "./mapped-panel";

/** The nine major groups of occupations of the panel, as its file names them. */
export const nlsyYoungMenTitles: readonly string[] = [
  "Professional, technical and kindred workers",
  "Managers, officials and proprietors",
  "Sales workers",
  "Clerical and kindred workers",
  "Craftsmen, foremen and kindred workers",
  "Operatives and kindred workers",
  "Laborers and farmers",
  "Farm laborers and foremen",
  "Service workers",
];

const persons = 545;
const years = 8;

/**
 * The panel of 545 young men of the NLSY79, 1980 to 1987 (Vella and Verbeek 1998); `data/nlsy-young-men.md`
 * describes it. Education is worded from years of schooling (`educationInWords`), the region is that of the
 * first year, and every gender is "male", which the file does not say.
 * @param path the CSV file; the repository's own by default
 * @throws UserError if the file is missing or damaged, or is not 545 persons of 8 years each
 */
export function readNlsyYoungMen(path = dataFile("nlsy-young-men.csv")): CareerPanel {
  const schooling = Array.from({ length: 31 }, (_, n) => [n, educationInWords(String(n))]);
  const panel = readMappedPanel(path, {
    name: "nlsy-young-men",
    surveyTag: "NLSY79",
    columns: {
      person: "person",
      year: "year",
      occupation: "occupation",
      education: { column: "schooling_years", words: Object.fromEntries(schooling) },
      ethnicity: "ethnicity",
      region: "region",
      birthYear: "birth_year",
    },
    titles: [...nlsyYoungMenTitles],
  });
  const short = panel.careers.find(({ observations }) => observations.length !== years);
  if (panel.careers.length !== persons || short !== undefined) {
    const found =
      short === undefined
        ? `${panel.careers.length} persons`
        : `person ${short.person} with ${short.observations.length} years`;
    throw new UserError(
      `${path}: found ${found} where the panel has ${persons} persons with ${years} years each`,
      "Restore the file from the repository.",
    );
  }
  for (const { covariates } of panel.careers) covariates.gender = "male";
  return panel;
}

/**
 * Years of schooling as a level of education: under 12 "less than high school", 12 "high school", 13 to 15
 * "some college", 16 and more "college". Years are not degrees; the panel knows only years.
 * @throws UserError if the cell is not a whole number from 0 to 30
 */
export function educationInWords(schoolingYears: string): string {
  const n = Number(schoolingYears);
  if (!/^\d+$/.test(schoolingYears) || n > 30) {
    throw new UserError(`${schoolingYears} is not a number of years of schooling`, "Restore the file.");
  }
  if (n < 12) return "less than high school";
  if (n === 12) return "high school";
  return n < 16 ? "some college" : "college";
}
