import { UserError } from "../../errors";
import { dataFile, readCsv } from "../../files";
import type { WantedVariable } from "./investigator-table";

/** What a variable tells; `data/variables/README.md` describes each. */
export type Concept =
  | "person"
  | "sex"
  | "ethnicity"
  | "birth_year"
  | "region"
  | "weight"
  | "interview_year"
  | "non_interview"
  | "enrolment"
  | "grade"
  | "degree"
  | "status"
  | "main_occupation"
  | "main_occupation_1980"
  | "main_job"
  | "occupation"
  | "is_main"
  | "week";

/** A variable of our tables `data/variables/nlsy79.csv` and `nlsy97.csv`. */
export interface SurveyVariable extends WantedVariable {
  question: string;
  release: string;
  concept: Concept;
  /** The calendar year that it speaks of; undefined where it belongs to no round. */
  year?: number;
  /** Number of the job or of the week. */
  item?: number;
}

/** What is lost without the variables of a concept. */
export const withoutConcept: Record<Concept, string> = {
  person: "no person can be told from another",
  sex: "no gender",
  ethnicity: "no race or ethnicity",
  birth_year: "no birth year",
  region: "the region is that of the other rounds, or missing",
  weight: "no survey weight",
  interview_year: "the year is that of the survey round",
  non_interview: "non-interviews are told by the other variables of the round",
  enrolment: "nobody is in education in these rounds",
  grade: "years of schooling are those of an earlier round",
  degree: "the education level rests on years of schooling or an earlier degree",
  status: "no employment status where the weekly arrays are missing",
  main_occupation: "the main job's occupation is that of the first job that has one",
  main_occupation_1980: "no occupation by the Census of 1980",
  main_job: "the main job is the first that has an occupation",
  occupation: "no occupation of these jobs",
  is_main: "a job cannot be found under the main job's occupation",
  week: "unemployed and out of the labor force rest on the status in the survey week, if any",
};

const tables = new Map<string, readonly SurveyVariable[]>();

/** The variables that the reader of a survey uses, in order of reference number. */
export function surveyVariables(survey: "nlsy79" | "nlsy97"): readonly SurveyVariable[] {
  let variables = tables.get(survey);
  if (variables === undefined) {
    variables = readVariables(dataFile("variables", `${survey}.csv`));
    tables.set(survey, variables);
  }
  return variables;
}

function readVariables(path: string): SurveyVariable[] {
  const table = readCsv(path);
  const at = Object.fromEntries(
    ["reference", "release", "question", "concept", "year", "item"].map((name) => [
      name,
      table.columnOf(name),
    ]),
  );
  return table.rows.map((row, i) => {
    const concept = row[at.concept] as Concept;
    if (!Object.hasOwn(withoutConcept, concept)) {
      throw new UserError(`${table.placeOf(i)}: no concept "${concept}" is known`, "Restore the file.");
    }
    return {
      reference: row[at.reference],
      release: row[at.release],
      question: row[at.question],
      concept,
      year: row[at.year] === "" ? undefined : Number(row[at.year]),
      item: row[at.item] === "" ? undefined : Number(row[at.item]),
    };
  });
}
