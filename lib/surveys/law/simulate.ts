import type { Random } from "../../random";
import type { CareerLaw } from "./career-law";
import { IN_EDUCATION, JOB, KINDS } from "./parameters";
import type { LawPerson, LawState, LawType } from "./person";

/** A year of a simulated life. */
export interface LawYear {
  year: number;
  slot: number;
  /** 0 to 4. */
  education: number;
}

/** Draws lives from the law, year by year, whether observed or not. */
export class Simulator {
  private readonly weights: Float64Array;
  private readonly row: Float64Array;
  private readonly kinds = new Float64Array(KINDS);
  private readonly typeShares: number[];
  private readonly tenureShares: readonly number[];

  constructor(readonly law: CareerLaw) {
    this.weights = new Float64Array(law.occupations);
    this.row = new Float64Array(law.occupations);
    this.typeShares = law.types.map(({ share }) => share);
    this.tenureShares = law.coefficients.first.tenure;
  }

  /** The years `first` to `last` of a person; `education` fixes that of the first year. */
  life(person: LawPerson, first: number, last: number, random: Random, education?: number): LawYear[] {
    const { law } = this;
    const type = law.types[random.weighted(this.typeShares)];
    let level = education ?? random.weighted(law.rise.first(person, first));
    let state = this.start(person, type, first, level, random);
    const years: LawYear[] = [{ year: first, slot: state.slot, education: level }];
    for (let year = first + 1; year <= last; year++) {
      const enrolled = law.kindOf(state.slot) === IN_EDUCATION;
      if (random.uniform() < law.rise.probability(level, enrolled, person, year)) level++;
      state = law.after(state, this.next(state, person, type, year, level, random));
      years.push({ year, slot: state.slot, education: level });
    }
    return years;
  }

  private start(person: LawPerson, type: LawType, year: number, education: number, random: Random): LawState {
    const { law } = this;
    const kind = random.weighted(law.kinds.first(person, year, education, this.kinds));
    if (kind !== JOB) return { slot: law.occupations + kind - 1, tenure: 1, last: -1 };
    const slot = this.occupation(-1, person, type, year, education, random);
    const most = Math.max(1, year - person.birthYear - 15);
    return { slot, tenure: 1 + random.weighted(this.tenureShares.slice(0, most)), last: slot };
  }

  private next(
    state: LawState,
    person: LawPerson,
    type: LawType,
    year: number,
    education: number,
    random: Random,
  ): number {
    const { law } = this;
    const from = law.kindOf(state.slot);
    const { kinds } = this;
    law.kinds.next(from, state.tenure, person, type.mobility, year, education, kinds);
    const kind = random.weighted(kinds);
    if (kind !== JOB) return law.occupations + kind - 1;
    const same =
      from === JOB
        ? law.kinds.stay(state.slot, state.tenure, person, type.mobility, year, education)
        : law.moves.recall(from, state.last);
    if (random.uniform() < same) return state.last;
    return this.occupation(state.last, person, type, year, education, random);
  }

  private occupation(
    last: number,
    person: LawPerson,
    type: LawType,
    year: number,
    education: number,
    random: Random,
  ): number {
    const { law, row } = this;
    law.attraction.weights(person, year, education, this.weights);
    law.moves.row(last, this.weights, law.attraction.ofVocation[type.vocation], row);
    return random.weighted(row);
  }
}
