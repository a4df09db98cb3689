import type { KindLaw } from "./kinds";
import { ageBandOf, IN_EDUCATION, KINDS, type LawCoefficients } from "./parameters";
import type { LawPerson } from "./person";

/** Age at which everyone has the lowest level of education. */
const START_AGE = 14;
const LEVELS = 5;

/** How education grows: at most one level a year, never down, given what the person did the year before. */
export class RiseLaw {
  constructor(
    private readonly coefficients: LawCoefficients,
    private readonly kinds: KindLaw,
  ) {}

  /** P(one level more in the year | education and state the year before). */
  probability(education: number, wasInEducation: boolean, person: LawPerson, year: number): number {
    if (education >= LEVELS - 1) return 0;
    const { level, gender, ethnicity, cohort } = this.coefficients.rise;
    const base = level[education][wasInEducation ? 1 : 0][ageBandOf(year - person.birthYear)];
    const born = Math.max(-4, (person.birthYear - 1982) / 10);
    const logit =
      base +
      gender[person.gender] +
      ethnicity[person.ethnicity] +
      (education > 0 ? cohort[person.gender] * born : 0);
    return 1 / (1 + Math.exp(-logit));
  }

  /** (5): P(education | person) in the year in which a survey first sees a person. */
  first(person: LawPerson, year: number): Float64Array {
    let share = new Float64Array(LEVELS);
    share[0] = 1;
    const kinds = new Float64Array(KINDS);
    for (let y = person.birthYear + START_AGE + 1; y <= year; y++) {
      const next = new Float64Array(LEVELS);
      for (let e = 0; e < LEVELS; e++) {
        const enrolled = this.kinds.first(person, y - 1, e, kinds)[IN_EDUCATION];
        const rise =
          enrolled * this.probability(e, true, person, y) +
          (1 - enrolled) * this.probability(e, false, person, y);
        next[e] += share[e] * (1 - rise);
        if (e + 1 < LEVELS) next[e + 1] += share[e] * rise;
      }
      share = next;
    }
    return share;
  }
}
