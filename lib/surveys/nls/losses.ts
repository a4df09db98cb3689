import { UserError } from "../../errors";
import type { Cohort } from "./cohort";
import type { InvestigatorTable } from "./investigator-table";
import { hasOccupations, type Round } from "./rounds";
import { type Concept, type SurveyVariable, surveyVariables, withoutConcept } from "./variables";

/** The concepts of which one variable at least must be there. */
const occupational: readonly Concept[] = ["main_occupation", "main_occupation_1980", "occupation"];

/** The survey of a download: what its tagset says, or whose variables it has more of; undefined where it has none. */
export function cohortOf({
  survey,
  variables,
}: Pick<InvestigatorTable, "survey" | "variables">): Cohort["name"] | undefined {
  if (survey === "NLSY79") return "nlsy79";
  if (survey === "NLSY97") return "nlsy97";
  const present = new Set(variables);
  const shared = (name: Cohort["name"]) =>
    surveyVariables(name).filter(({ reference }) => present.has(reference)).length;
  const [of79, of97] = [shared("nlsy79"), shared("nlsy97")];
  if (of79 === of97) return undefined;
  return of79 > of97 ? "nlsy79" : "nlsy97";
}

/**
 * Checks that the download is of the cohort and has what careers cannot do without.
 * @throws UserError naming the other survey, or the variables that lack and what they would have given
 */
export function checkVariables(
  table: InvestigatorTable,
  cohort: Cohort,
  variables: readonly SurveyVariable[],
): void {
  const { place } = table;
  const found = cohortOf(table);
  if (found !== undefined && found !== cohort.name) {
    const tag = found.toUpperCase();
    throw new UserError(`${place}: a download of the ${tag}, not of the ${cohort.tag}`, `Read it as ${tag}.`);
  }
  const [person] = variables.filter(({ concept }) => concept === "person");
  if (!table.columns.has(person.reference)) {
    throw new UserError(
      `${place}: the variable ${named(person)} is missing: without it ${withoutConcept.person}`,
      tagsetRemedy(cohort),
    );
  }
  const jobs = variables.filter(({ concept }) => occupational.includes(concept));
  if (jobs.some(({ reference }) => table.columns.has(reference))) return;
  throw new UserError(
    `${place}: none of the ${jobs.length} occupation variables is there (${listed(jobs)}): without them no year has a job`,
    tagsetRemedy(cohort),
  );
}

function tagsetRemedy({ name, tag }: Cohort): string {
  return `Upload data/tagsets/${name}.${tag} to NLS Investigator and download again.`;
}

/**
 * What the download lacks: persons of the survey (a file that was cut), the variables that are read, one sentence a
 * concept, and the rounds that are left out for want of any occupation.
 */
export function lossesOf(
  table: InvestigatorTable,
  { tag, persons }: Cohort,
  variables: readonly SurveyVariable[],
  rounds: readonly Round[],
): string[] {
  const losses: string[] = [];
  if (table.rows < persons)
    losses.push(`persons: the file has ${table.rows} of the ${persons} of the ${tag}`);
  const byConcept = new Map<Concept, SurveyVariable[]>();
  for (const variable of variables) {
    byConcept.set(variable.concept, [...(byConcept.get(variable.concept) ?? []), variable]);
  }
  for (const [concept, all] of byConcept) {
    const missing = all.filter(({ reference }) => !table.columns.has(reference));
    if (missing.length === 0) continue;
    const name = concept.replaceAll("_", " ");
    losses.push(
      `${name}: ${missing.length} of ${all.length} variables missing (${listed(missing)}): ${withoutConcept[concept]}`,
    );
  }
  const left = rounds.filter((round) => !hasOccupations(round)).map(({ year }) => year);
  if (left.length > 0) losses.push(`rounds left out for want of any occupation: ${left.join(", ")}`);
  return losses;
}

function listed(variables: readonly SurveyVariable[]): string {
  const shown = variables.slice(0, 3).map(named).join(", ");
  return variables.length > 3 ? `${shown} …` : shown;
}

function named({ reference, question, release }: SurveyVariable): string {
  return `${reference} ${question} ${release}`;
}
