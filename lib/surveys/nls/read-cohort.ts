import {
  type Career,
  type CareerPanel,
  type Covariates,
  type Observation,
  RowAccount,
  withWhatItTells,
} from "../../careers";
import { UserError } from "../../errors";
import { crosswalk, laborTitles, type Occupation, occupationByCode, specialStates } from "../../occupations";
import type { CodedJob, Cohort } from "./cohort";
import { type InvestigatorTable, readInvestigatorTable } from "./investigator-table";
import { type LaborForceStatus, statusOfYear, tellsStatus } from "./labor-force";
import { checkVariables, lossesOf } from "./losses";
import { hasOccupations, isInterviewed, type Round, roundsOf } from "./rounds";
import type { NlsRules } from "./rules";
import type { Schooling } from "./schooling";
import { type SurveyVariable, surveyVariables } from "./variables";

/** The careers of a download, and what it could not tell for want of variables. */
export interface NlsPanel extends CareerPanel {
  rows: RowAccount;
  /** A sentence for each kind of variable, and for persons, that the download lacks, with what that costs. */
  losses: readonly string[];
}

const genders: Record<number, string> = { 1: "male", 2: "female" };
const regions: Record<number, string> = { 1: "northeast", 2: "north central", 3: "south", 4: "west" };
const military = 905;

/** What the download tells of one person-year: a title, or why there is none. */
type Outcome = { title: string } | { reason: string };

/**
 * Reads the careers of either survey of youth. A row of the account is a person and round; the rounds are those of
 * which the download has occupations.
 * @param adapt what of the cohort depends on the file
 * @throws UserError as `readInvestigatorTable`, and for: a file of the other survey, no person identifier, no
 * occupation at all, a person twice, a person born after the first observation
 */
export function readCohort(
  path: string,
  cohort: Cohort,
  rules: NlsRules,
  adapt: (rounds: readonly Round[], rules: NlsRules) => Cohort = () => cohort,
): NlsPanel {
  const variables = surveyVariables(cohort.name);
  const table = readInvestigatorTable(path, variables);
  checkVariables(table, cohort, variables);
  const rounds = roundsOf(table, variables);
  const told = rounds.filter(hasOccupations);
  const silent = told.filter((round) => !tellsStatus(round, cohort.status));
  const reader = new PersonReader(table, variables, rounds, told, silent, adapt(told, rules), rules);
  const persons = new Set<number>();
  const careers: Career[] = [];
  for (let row = 0; row < table.rows; row++) {
    const person = reader.person(row);
    if (persons.has(person)) {
      throw new UserError(`${table.placeOf(row)}: person ${person} stands twice`, "Download the file again.");
    }
    persons.add(person);
    const career = reader.career(row);
    if (career !== undefined) careers.push(career);
  }
  if (silent.length === told.length && rules.withoutStatus === "drop") {
    throw new UserError(
      `${table.place}: no labor force status is on record in any round, so that every year would hold people with a job alone`,
      `Upload data/tagsets/${cohort.name}.${cohort.tag} to NLS Investigator and download again, or set the rule withoutStatus to job.`,
    );
  }
  reader.note();
  return withWhatItTells({
    name: cohort.name,
    surveyTag: cohort.tag,
    titles: laborTitles(),
    careers,
    rows: reader.account,
    losses: lossesOf(table, cohort, variables, rounds),
  });
}

interface Interviews {
  all: number;
  withJob: number;
}

/** Reads one person after the other. */
class PersonReader {
  readonly account = new RowAccount("person-rounds");
  private readonly identifiers: Int32Array;
  private readonly sex?: Int32Array;
  private readonly ethnicity?: Int32Array;
  private readonly birthYears: Int32Array[];
  private readonly told: ReadonlySet<Round>;
  /** Interviews of each round in which nobody's status is on record, and those with a job among them. */
  private readonly silent: Map<Round, Interviews>;
  /** Interviews of other rounds in which the person's status is not. */
  private readonly unknown: Interviews = { all: 0, withJob: 0 };

  constructor(
    private readonly table: InvestigatorTable,
    variables: readonly SurveyVariable[],
    private readonly rounds: readonly Round[],
    told: readonly Round[],
    silent: readonly Round[],
    private readonly cohort: Cohort,
    private readonly rules: NlsRules,
  ) {
    this.told = new Set(told);
    this.silent = new Map(silent.map((round) => [round, { all: 0, withJob: 0 }]));
    const columns = (concept: SurveyVariable["concept"]) =>
      variables
        .filter((variable) => variable.concept === concept)
        .map(({ reference }) => table.columns.get(reference))
        .filter((column) => column !== undefined);
    [this.identifiers] = columns("person");
    [this.sex] = columns("sex");
    [this.ethnicity] = columns("ethnicity");
    this.birthYears = columns("birth_year");
  }

  person(row: number): number {
    const person = this.identifiers[row];
    if (person > 0) return person;
    throw new UserError(
      `${this.table.placeOf(row)}: ${person} is no person's identifier`,
      "Download the file again.",
    );
  }

  /** Undefined where no round gives a person-year. */
  career(row: number): Career | undefined {
    const observations: Observation[] = [];
    const schooling: Schooling = {};
    for (const round of this.rounds) {
      // Schooling reported in a round without occupations counts from then on all the same.
      const known = schoolingIn(round, row, schooling);
      if (!this.told.has(round)) continue;
      const year = this.yearOf(round, row);
      const outcome = this.outcome(round, row, year, observations.at(-1)?.year);
      if ("reason" in outcome) {
        this.account.drop(outcome.reason);
        continue;
      }
      this.account.use();
      const observation: Observation = { year, title: outcome.title };
      const education = this.cohort.level(known, this.rules.education);
      if (education !== undefined) observation.education = education;
      const weight = round.weight?.[row] ?? -1;
      if (weight >= 0) observation.weight = weight / 100; // two decimals are implied
      observations.push(observation);
    }
    if (observations.length === 0) return undefined;
    const covariates = this.covariates(row);
    const { birthYear } = covariates;
    if (birthYear !== undefined && birthYear >= observations[0].year) {
      throw new UserError(
        `${this.table.placeOf(row)}: person ${this.person(row)}, born ${birthYear}, is first seen in ${observations[0].year}`,
        "Download the file again.",
      );
    }
    return { person: String(this.person(row)), covariates, observations };
  }

  /** Tells of interviews without a labor force status, of which a job alone decides whether they are in. */
  note(): void {
    for (const [{ year }, { all, withJob }] of this.silent) {
      const jobs = `the ${withJob} (${((100 * withJob) / Math.max(1, all)).toFixed(0)} %) with a job`;
      this.account.note(
        all,
        this.rules.withoutStatus === "drop"
          ? `interviews of ${year} are left out, since nobody's labor force status is on record: ${jobs} would make a year in which everybody works`
          : `interviews of ${year} tell no labor force status: ${jobs} are kept, all of them at work`,
      );
    }
    const { all, withJob } = this.unknown;
    this.account.note(
      all,
      `interviews tell no labor force status, though others of their round do: the ${withJob} with a job count as work`,
    );
  }

  private outcome(round: Round, row: number, year: number, previous: number | undefined): Outcome {
    if (!isInterviewed(round, row)) return { reason: "not interviewed in the round" };
    if (previous !== undefined && year <= previous) {
      return { reason: "second interview in one calendar year" };
    }
    const { cohort, rules } = this;
    const job = cohort.job(round, row, rules, this.rounds);
    const silent = this.silent.get(round);
    if (silent !== undefined) count(silent, job);
    if (silent !== undefined && rules.withoutStatus === "drop") {
      return { reason: "in a round in which nobody's labor force status is on record" };
    }
    const enrolled = round.enrolment !== undefined && cohort.isEnrolled(round.enrolment[row]);
    if (enrolled && rules.inEducation === "always") return { title: specialStates.inEducation };
    let status: LaborForceStatus | undefined = statusOfYear(round, row, cohort.status, rules);
    if (status === undefined && silent === undefined && !enrolled) count(this.unknown, job);
    if (job !== undefined && (status === undefined || rules.work === "any-job")) status = "work";
    const works = status === "work" || status === "military";
    if (enrolled && !works && rules.inEducation !== "never") return { title: specialStates.inEducation };
    switch (status) {
      case "unemployed":
        return { title: specialStates.unemployed };
      case "out":
        return { title: specialStates.notInLaborForce };
      case "military":
        return rules.military === "drop"
          ? { reason: "in active military service" }
          : { title: (occupationByCode(military) as Occupation).title };
      case "undetermined":
        return { reason: "without work, unemployed or out of the labor force not determined" };
      case undefined:
        return { reason: "no job and no labor force status on record" };
      case "work": {
        if (job === undefined) return { reason: "at work, but no occupation on record" };
        const title = titleOf(job.vintage, job.code);
        if (title !== undefined) return { title };
        return { reason: `code ${job.code} of ${job.vintage} is no occupation` };
      }
    }
  }

  private yearOf(round: Round, row: number): number {
    if (this.rules.year === "round" || round.interviewYear === undefined) return round.year;
    const told = round.interviewYear[row];
    const year = told >= 0 && told < 100 ? told + 1900 : told;
    // A round's field work runs into the next years; any other year is a slip.
    return year >= round.year - 1 && year <= round.year + 2 ? year : round.year;
  }

  private covariates(row: number): Covariates {
    const covariates: Covariates = {};
    const gender = genders[this.sex?.[row] ?? -1];
    if (gender !== undefined) covariates.gender = gender;
    const ethnicity = this.ethnicityOf(this.ethnicity?.[row] ?? -1);
    if (ethnicity !== undefined) covariates.ethnicity = ethnicity;
    const region = this.regionOf(row);
    if (region !== undefined) covariates.region = region;
    for (const column of this.birthYears) {
      const year = column[row] >= 0 && column[row] < 100 ? column[row] + 1900 : column[row];
      if (year < 1900 || year > 2000) continue;
      covariates.birthYear = year;
      break;
    }
    return covariates;
  }

  private ethnicityOf(code: number): string | undefined {
    const { ethnicities, otherEthnicity } = this.cohort;
    if (code === otherEthnicity && this.rules.otherEthnicity === "survey") return "non-black non-hispanic";
    return ethnicities[code];
  }

  private regionOf(row: number): string | undefined {
    let found: string | undefined;
    for (const { region } of this.rounds) {
      const told = region === undefined ? undefined : regions[region[row]];
      if (told === undefined) continue;
      found = told;
      if (this.rules.region === "first") break;
    }
    return found;
  }
}

function count(interviews: Interviews, job: CodedJob | undefined): void {
  interviews.all++;
  if (job !== undefined) interviews.withJob++;
}

/** Takes what the round tells of schooling; years of schooling and degrees stay until others are reported. */
function schoolingIn(round: Round, row: number, schooling: Schooling): Schooling {
  const grade = round.grade?.[row] ?? -1;
  if (grade >= 0 && grade <= 20) schooling.grade = grade; // 95 is "ungraded"
  const degree = round.degree?.[row] ?? -1;
  if (degree >= 0) schooling.degree = degree;
  schooling.enrolment = round.enrolment?.[row];
  return schooling;
}

function titleOf(vintage: Parameters<typeof crosswalk>[0], code: number): string | undefined {
  return crosswalk(vintage).toOccupation(code)?.title;
}
