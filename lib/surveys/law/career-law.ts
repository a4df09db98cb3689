import type { LawChange } from "../../careers";
import { specialStateTitles, TitleSet } from "../../occupations";
import { Attraction } from "./attraction";
import { KindLaw } from "./kinds";
import { Moves } from "./moves";
import { JOB, KINDS, type LawCoefficients, type LawStructure, TENURES } from "./parameters";
import type { LawPerson, LawState, LawType } from "./person";
import { RiseLaw } from "./rise";

/** A change of the world in a known year. */
export interface Break extends LawChange {
  /** The first year of the new world. */
  year: number;
}

/** How a law differs from that of the parameters. */
export interface LawVariant {
  name: string;
  /** (J): the occupation, in the order of the structure's titles, whose title each occupation bears. */
  titleOf?: Int32Array;
  break?: Break;
  /** false: nobody is ever without a job. Default true. */
  specialStates?: boolean;
}

/**
 * A law of careers: a Markov chain from year to year, given a person's covariates and a type that nobody sees. Its
 * state is the title, the years in the job and the last occupation. Occupations are numbered 0 … J-1 and special
 * states J … J+2 ("slots"); `titles` may bear the slots' names in another order.
 */
export class CareerLaw {
  readonly name: string;
  /** The closed set of titles: occupations in the order of the structure, then the special states. */
  readonly titles: TitleSet;
  /** Column in `titles` of each slot. */
  readonly columnOf: Int32Array;
  /** Slot of each column of `titles`. */
  readonly slotOf: Int32Array;
  readonly occupations: number;
  readonly types: readonly LawType[];
  readonly attraction: Attraction;
  readonly moves: Moves;
  readonly kinds: KindLaw;
  readonly rise: RiseLaw;

  constructor(
    readonly structure: LawStructure,
    readonly coefficients: LawCoefficients,
    readonly variant: LawVariant = { name: "law" },
  ) {
    const J = structure.titles.length;
    this.name = variant.name;
    this.occupations = J;
    const specials = variant.specialStates === false ? [] : specialStateTitles;
    this.titles = new TitleSet([...structure.titles, ...specials]);
    this.columnOf = Int32Array.from({ length: this.titles.size }, (_, slot) =>
      slot < J ? (variant.titleOf?.[slot] ?? slot) : slot,
    );
    this.slotOf = new Int32Array(this.titles.size);
    this.columnOf.forEach((column, slot) => {
      this.slotOf[column] = slot;
    });
    const { mobility, vocation } = coefficients.type;
    this.types = mobility.flatMap((m, i) =>
      vocation.map((v, k) => ({ mobility: i, vocation: k, share: m * v })),
    );
    this.attraction = new Attraction(structure, coefficients, variant.break);
    this.moves = new Moves(structure, coefficients);
    this.kinds = new KindLaw(structure, coefficients, variant);
    this.rise = new RiseLaw(coefficients, this.kinds);
  }

  /** Special states there are: 3 or 0. */
  get specialStates(): number {
    return this.titles.size - this.occupations;
  }

  /** Kind of a slot: a job, or one of the special states. */
  kindOf(slot: number): number {
    return slot < this.occupations ? JOB : slot - this.occupations + 1;
  }

  /**
   * P(slot in the year | state the year before, person, type, education in the year): the law's one-year step in
   * full. The filter and the simulation take short cuts to the same numbers.
   */
  transition(
    state: LawState,
    person: LawPerson,
    type: LawType,
    year: number,
    education: number,
  ): Float64Array {
    const row = new Float64Array(this.titles.size);
    const from = this.kindOf(state.slot);
    const kinds = this.kinds.next(
      from,
      state.tenure,
      person,
      type.mobility,
      year,
      education,
      new Float64Array(KINDS),
    );
    for (let s = 1; s <= this.specialStates; s++) row[this.occupations + s - 1] = kinds[s];
    const weights = this.attraction.weights(person, year, education, new Float64Array(this.occupations));
    const jobs = new Float64Array(this.occupations);
    const total = this.moves.row(state.last, weights, this.attraction.ofVocation[type.vocation], jobs);
    const same =
      from === JOB
        ? this.kinds.stay(state.slot, state.tenure, person, type.mobility, year, education)
        : this.moves.recall(from, state.last);
    for (let y = 0; y < jobs.length; y++) row[y] = (kinds[JOB] * (1 - same) * jobs[y]) / total;
    if (state.last >= 0) row[state.last] = kinds[JOB] * same;
    return row;
  }

  /** The state after a step to a slot. */
  after(state: LawState, slot: number): LawState {
    if (slot >= this.occupations) return { slot, tenure: 1, last: state.last };
    const tenure = slot === state.slot ? Math.min(state.tenure + 1, TENURES) : 1;
    return { slot, tenure, last: slot };
  }

  /** P(slot | person, type, education) in the year in which a survey first sees a person. */
  first(person: LawPerson, type: LawType, year: number, education: number): Float64Array {
    const row = new Float64Array(this.titles.size);
    const kinds = this.kinds.first(person, year, education, new Float64Array(KINDS));
    for (let s = 1; s <= this.specialStates; s++) row[this.occupations + s - 1] = kinds[s];
    const weights = this.attraction.weights(person, year, education, new Float64Array(this.occupations));
    const jobs = new Float64Array(this.occupations);
    const total = this.moves.row(-1, weights, this.attraction.ofVocation[type.vocation], jobs);
    for (let y = 0; y < jobs.length; y++) row[y] = (kinds[JOB] * jobs[y]) / total;
    return row;
  }
}
