import type { Break } from "./career-law";
import { type LawCoefficients, type LawStructure, lifeAgeOf } from "./parameters";
import type { LawPerson } from "./person";
import { slackOf } from "./unemployment";

/** How occupations drew people: the more apart, the earlier the birth. */
const segregation = (birthYear: number) => Math.min(1.6, Math.max(0.6, 1 + (0.15 * (1982 - birthYear)) / 10));

/** The weight that each occupation has for a person in a year, wherever the person comes from. */
export class Attraction {
  /** [vocation] (J): factor for persons of that vocation. */
  readonly ofVocation: readonly Float64Array[];
  private readonly schooling: readonly Float64Array[];
  private readonly shock: Float64Array;
  private readonly byBirth = new Map<number, Float64Array>();
  private readonly ofGroup: Float64Array;

  constructor(
    private readonly structure: LawStructure,
    private readonly coefficients: LawCoefficients,
    private readonly change: Break | undefined,
  ) {
    const { groups, vocations, vocationOf, schoolingOf } = structure;
    const { vocation, schooling } = coefficients.attraction;
    this.ofVocation = vocations.map((_, v) =>
      Float64Array.from(vocationOf, (own) => (own === v ? Math.exp(vocation) : 1)),
    );
    this.schooling = Array.from({ length: 5 }, (_, e) =>
      Float64Array.from(schoolingOf, (level) => Math.exp(schooling[level - 1][e])),
    );
    this.shock = Float64Array.from(groups, (group) => change?.attraction[group] ?? 0);
    this.ofGroup = new Float64Array(groups.length);
  }

  /** Fills `out` (J). */
  weights(person: LawPerson, year: number, education: number, out: Float64Array): Float64Array {
    const { gender, ethnicity, region, birthYear } = person;
    const { age, cycle, ethnicityRegion, genderEducation, trend, ...own } = this.coefficients.attraction;
    const terms = [
      age[lifeAgeOf(year - birthYear)],
      own.ethnicity[ethnicity],
      own.region[region],
      ethnicityRegion[4 * ethnicity + region],
      genderEducation[5 * gender + education],
    ];
    const decades = (year - 2005) / 10;
    const slack = slackOf(year);
    const changed = this.change !== undefined && year >= this.change.year;
    const { ofGroup } = this;
    for (let k = 0; k < ofGroup.length; k++) {
      let log = trend[k] * decades + cycle[k] * slack;
      for (const term of terms) log += term[k];
      ofGroup[k] = Math.exp(changed ? log + this.shock[k] : log);
    }
    const title = this.ofBirth(gender, birthYear);
    const schooling = this.schooling[education];
    const { groupOf } = this.structure;
    for (let y = 0; y < out.length; y++) out[y] = title[y] * schooling[y] * ofGroup[groupOf[y]];
    return out;
  }

  private ofBirth(gender: number, birthYear: number): Float64Array {
    const key = 2 * birthYear + gender;
    let weights = this.byBirth.get(key);
    if (weights === undefined) {
      const { title, gap } = this.coefficients.attraction;
      const half = (gender === 0 ? 0.5 : -0.5) * segregation(birthYear);
      weights = Float64Array.from(title, (log, y) => Math.exp(log + half * gap[y]));
      this.byBirth.set(key, weights);
    }
    return weights;
  }
}
