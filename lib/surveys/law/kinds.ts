import type { LawVariant } from "./career-law";
import {
  ageBandOf,
  IN_EDUCATION,
  JOB,
  KINDS,
  type LawCoefficients,
  type LawStructure,
  NOT_IN_LABOR_FORCE,
  UNEMPLOYED,
} from "./parameters";
import type { LawPerson } from "./person";
import { slackOf } from "./unemployment";

/** Work or one of the special states, and for those who go on working: the same job or another. */
export class KindLaw {
  private readonly stayShock: Float64Array;
  private readonly onlyJobs: boolean;

  constructor(
    private readonly structure: LawStructure,
    private readonly coefficients: LawCoefficients,
    private readonly variant: LawVariant,
  ) {
    this.stayShock = Float64Array.from(structure.groups, (group) => variant.break?.stay[group] ?? 0);
    this.onlyJobs = variant.specialStates === false;
  }

  /** Fills `out` (4): P(kind of the year | kind, tenure the year before, education in the year). */
  next(
    from: number,
    tenure: number,
    person: LawPerson,
    mobility: number,
    year: number,
    education: number,
    out: Float64Array,
  ): Float64Array {
    const { kind } = this.coefficients;
    const table = kind.next[from][ageBandOf(year - person.birthYear)][person.gender];
    const leaves = from === JOB ? kind.tenure[tenure - 1] + kind.mobility[mobility] : 0;
    return this.normalised(table, leaves, person, year, education, out);
  }

  /** Fills `out` (4): P(kind) in the year in which a survey first sees a person. */
  first(person: LawPerson, year: number, education: number, out: Float64Array): Float64Array {
    const table = this.coefficients.first.kind[ageBandOf(year - person.birthYear)][person.gender];
    return this.normalised(table, 0, person, year, education, out);
  }

  private normalised(
    table: readonly number[],
    leaves: number,
    person: LawPerson,
    year: number,
    education: number,
    out: Float64Array,
  ): Float64Array {
    if (this.onlyJobs) {
      out.fill(0);
      out[JOB] = 1;
      return out;
    }
    const { kind } = this.coefficients;
    const idle = leaves + kind.education[education] + kind.ethnicity[person.ethnicity];
    const cohort = person.gender === 0 ? (kind.cohort * (1982 - person.birthYear)) / 10 : 0;
    out[JOB] = table[JOB];
    out[UNEMPLOYED] = table[UNEMPLOYED] * Math.exp(idle + kind.cycle * slackOf(year));
    out[NOT_IN_LABOR_FORCE] = table[NOT_IN_LABOR_FORCE] * Math.exp(idle + cohort);
    out[IN_EDUCATION] = table[IN_EDUCATION] * Math.exp(leaves);
    let total = 0;
    for (let s = 0; s < KINDS; s++) total += out[s];
    for (let s = 0; s < KINDS; s++) out[s] /= total;
    return out;
  }

  /** P(the same occupation | a job in both years). */
  stay(
    occupation: number,
    tenure: number,
    person: LawPerson,
    mobility: number,
    year: number,
    education: number,
  ): number {
    const group = this.structure.groupOf[occupation];
    return this.stayInGroup(group, tenure, person, mobility, year, education);
  }

  stayInGroup(
    group: number,
    tenure: number,
    person: LawPerson,
    mobility: number,
    year: number,
    education: number,
  ): number {
    const { stay } = this.coefficients;
    const change = this.variant.break;
    const logit =
      stay.tenure[tenure - 1] +
      stay.age[ageBandOf(year - person.birthYear)][person.gender] +
      stay.education[education] +
      stay.group[group] +
      stay.mobility[mobility] +
      stay.cycle * slackOf(year) +
      (change !== undefined && year >= change.year ? this.stayShock[group] : 0);
    return 1 / (1 + Math.exp(-logit));
  }
}
