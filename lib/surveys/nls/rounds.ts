import type { InvestigatorTable } from "./investigator-table";
import type { Concept, SurveyVariable } from "./variables";

/** The columns of one survey round; absent where the download lacks them. Jobs count from 1. */
export interface Round {
  year: number;
  /** 1 for the survey's first round. */
  number: number;
  region?: Int32Array;
  weight?: Int32Array;
  interviewYear?: Int32Array;
  nonInterview?: Int32Array;
  enrolment?: Int32Array;
  grade?: Int32Array;
  degree?: Int32Array;
  status?: Int32Array;
  mainOccupation?: Int32Array;
  mainOccupation1980?: Int32Array;
  mainJob?: Int32Array;
  /** By job: its occupation. */
  occupations: (Int32Array | undefined)[];
  /** By job: whether it is the main job. */
  isMain: (Int32Array | undefined)[];
  /** The weekly array's weeks of the calendar year. */
  weeks: Int32Array[];
}

const fields: Partial<Record<Concept, keyof Round>> = {
  region: "region",
  weight: "weight",
  interview_year: "interviewYear",
  non_interview: "nonInterview",
  enrolment: "enrolment",
  grade: "grade",
  degree: "degree",
  status: "status",
  main_occupation: "mainOccupation",
  main_occupation_1980: "mainOccupation1980",
  main_job: "mainJob",
};

/** The rounds of a download, in order of year: those of the survey's variables. */
export function roundsOf(table: InvestigatorTable, variables: readonly SurveyVariable[]): Round[] {
  const years = variables.filter(({ concept }) => concept === "region").map(({ year }) => year as number);
  const rounds = new Map<number, Round>();
  for (const year of years.sort((a, b) => a - b)) {
    rounds.set(year, { year, number: rounds.size + 1, occupations: [], isMain: [], weeks: [] });
  }
  for (const { reference, concept, year, item } of variables) {
    const column = table.columns.get(reference);
    const round = year === undefined ? undefined : rounds.get(year);
    if (column === undefined || round === undefined) continue;
    const field = fields[concept];
    if (field !== undefined) Object.assign(round, { [field]: column });
    else if (concept === "occupation") round.occupations[item as number] = column;
    else if (concept === "is_main") round.isMain[item as number] = column;
    else if (concept === "week") round.weeks.push(column);
  }
  return [...rounds.values()];
}

/** Does the download tell any occupation of the round? */
export function hasOccupations(round: Round): boolean {
  return (
    round.mainOccupation !== undefined ||
    round.mainOccupation1980 !== undefined ||
    round.occupations.some((column) => column !== undefined)
  );
}

/**
 * Was the person interviewed in the round? By the reason for non-interview (a reason, or none), else by whether any
 * variable of the round is other than "non-interview".
 */
export function isInterviewed(round: Round, row: number): boolean {
  if (round.nonInterview !== undefined && round.nonInterview[row] >= 0) return false;
  const { mainOccupation, mainOccupation1980, mainJob, enrolment, grade, degree, status } = round;
  const evidence = [mainOccupation, mainOccupation1980, mainJob, enrolment, grade, degree, status];
  for (const column of [...evidence, round.interviewYear, ...round.occupations]) {
    if (column !== undefined && column[row] !== -5) return true;
  }
  return false;
}
