import type { CareerLaw } from "./career-law";
import { IN_EDUCATION, JOB, KINDS, TENURES } from "./parameters";
import type { LawPerson } from "./person";

/**
 * A year's step of the law for one person, all types at once, on beliefs: the joint mass of (type, state). A dense
 * belief has for each type J x 5 masses of (occupation, tenure), then 3 x (J + 1) of (special state, last occupation
 * or none). The sums run over all pairs of occupations, but see `Moves`.
 */
export class YearlyStep {
  readonly stateSize: number;
  readonly size: number;
  private readonly J: number;
  private readonly weights: Float64Array;
  private readonly byVocation: { weights: Float64Array; totals: Float64Array }[];
  private readonly row: Float64Array;
  private readonly movers: Float64Array;
  private readonly stay: Float64Array;
  private readonly kinds: Float64Array[];
  private readonly fromSpecial: Float64Array[];

  constructor(private readonly law: CareerLaw) {
    this.J = law.occupations;
    this.stateSize = this.J * TENURES + law.specialStates * (this.J + 1);
    this.size = this.stateSize * law.types.length;
    const vector = () => new Float64Array(this.J);
    this.weights = vector();
    this.row = vector();
    this.movers = vector();
    this.byVocation = law.structure.vocations.map(() => ({ weights: vector(), totals: vector() }));
    this.stay = new Float64Array(law.structure.groups.length * TENURES);
    this.kinds = Array.from({ length: TENURES }, () => new Float64Array(KINDS));
    this.fromSpecial = Array.from({ length: KINDS }, () => new Float64Array(KINDS));
  }

  /** P(slot | type) times the type's share in the first year, (types, slots). */
  first(person: LawPerson, year: number, education: number, share: number): Float64Array {
    const { law, J } = this;
    const columns = law.titles.size;
    const out = new Float64Array(law.types.length * columns);
    const kinds = law.kinds.first(person, year, education, this.kinds[0]);
    law.attraction.weights(person, year, education, this.weights);
    law.types.forEach((type, z) => {
      const own = type.share * share;
      const total = law.moves.row(-1, this.weights, law.attraction.ofVocation[type.vocation], this.row);
      for (let y = 0; y < J; y++) out[z * columns + y] = (own * kinds[JOB] * this.row[y]) / total;
      for (let s = 1; s <= law.specialStates; s++) out[z * columns + J + s - 1] = own * kinds[s];
    });
    return out;
  }

  /** (5): P(tenure) of those whom a survey first sees at work. */
  firstTenure(age: number): Float64Array {
    const most = Math.min(TENURES, Math.max(1, age - 15));
    const share = Float64Array.from(this.law.coefficients.first.tenure, (p, c) => (c < most ? p : 0));
    const total = share.reduce((a, b) => a + b, 0);
    return share.map((p) => p / total);
  }

  /**
   * From an occupation with known tenure masses (types, 5): joint masses of (type, slot) a year later in `out`
   * (types, slots) and, for each type, of staying at each tenure in `stayed` (types, 5).
   */
  fromJob(
    occupation: number,
    mass: Float64Array,
    person: LawPerson,
    year: number,
    education: number,
    out: Float64Array,
    stayed: Float64Array,
  ): void {
    const { law, J } = this;
    const columns = law.titles.size;
    law.attraction.weights(person, year, education, this.weights);
    stayed.fill(0);
    const mobilities = law.coefficients.type.mobility.length;
    const vocations = law.structure.vocations.length;
    for (let m = 0; m < mobilities; m++) {
      for (let c = 0; c < TENURES; c++) {
        law.kinds.next(JOB, c + 1, person, m, year, education, this.kinds[c]);
        this.stay[c] = law.kinds.stay(occupation, c + 1, person, m, year, education);
      }
      for (let v = 0; v < vocations; v++) {
        const z = m * vocations + v;
        const at = z * columns;
        let moving = 0;
        const special = [0, 0, 0, 0];
        let staying = 0;
        for (let c = 0; c < TENURES; c++) {
          const own = mass[z * TENURES + c];
          if (own === 0) continue;
          const kinds = this.kinds[c];
          const same = own * kinds[JOB] * this.stay[c];
          stayed[z * TENURES + Math.min(c + 1, TENURES - 1)] += same;
          staying += same;
          moving += own * kinds[JOB] - same;
          for (let s = 1; s <= law.specialStates; s++) special[s] += own * kinds[s];
        }
        this.addRow(occupation, v, moving, out, at);
        out[at + occupation] = staying;
        for (let s = 1; s <= law.specialStates; s++) out[at + J + s - 1] = special[s];
      }
    }
  }

  /** From a special state with a known last occupation (-1: none), masses (types): as `fromJob`. */
  fromSpecialState(
    kind: number,
    last: number,
    mass: Float64Array,
    person: LawPerson,
    year: number,
    education: number,
    out: Float64Array,
  ): void {
    const { law, J } = this;
    const columns = law.titles.size;
    law.attraction.weights(person, year, education, this.weights);
    const kinds = this.kinds[0];
    const recall = law.moves.recall(kind, last);
    law.types.forEach((type, z) => {
      law.kinds.next(kind, 1, person, type.mobility, year, education, kinds);
      const at = z * columns;
      const works = mass[z] * kinds[JOB];
      this.addRow(last, type.vocation, works * (1 - recall), out, at);
      if (last >= 0) out[at + last] = works * recall;
      for (let s = 1; s <= law.specialStates; s++) out[at + J + s - 1] = mass[z] * kinds[s];
    });
  }

  /** Writes the occupations that `mass` of movers takes. */
  private addRow(last: number, vocation: number, mass: number, out: Float64Array, at: number): void {
    const { law, row } = this;
    const total = law.moves.row(last, this.weights, law.attraction.ofVocation[vocation], row);
    const scale = mass / total;
    for (let y = 0; y < row.length; y++) out[at + y] = row[y] * scale;
  }

  /** From a dense belief, added to `into`, another dense belief. */
  dense(belief: Float64Array, person: LawPerson, year: number, education: number, into: Float64Array): void {
    const { law, J, stay, kinds, fromSpecial, movers } = this;
    const groups = law.structure.groups.length;
    const { groupOf } = law.structure;
    law.attraction.weights(person, year, education, this.weights);
    this.byVocation.forEach(({ weights, totals }, v) => {
      const factor = law.attraction.ofVocation[v];
      for (let y = 0; y < J; y++) weights[y] = this.weights[y] * factor[y];
      law.moves.totals(weights, totals);
    });
    const specials = law.specialStates;
    for (let z = 0; z < law.types.length; z++) {
      const { mobility, vocation } = law.types[z];
      const { weights, totals } = this.byVocation[vocation];
      if (vocation === 0) {
        // The types of one mobility follow each other: these tables serve them all.
        for (let c = 0; c < TENURES; c++) {
          law.kinds.next(JOB, c + 1, person, mobility, year, education, kinds[c]);
          for (let k = 0; k < groups; k++) {
            stay[k * TENURES + c] = law.kinds.stayInGroup(k, c + 1, person, mobility, year, education);
          }
        }
        for (let s = 1; s <= specials; s++) {
          law.kinds.next(s, 1, person, mobility, year, education, fromSpecial[s]);
        }
      }
      const start = z * this.stateSize;
      const idle = start + J * TENURES;
      for (let o = 0; o < J; o++) {
        let moving = 0;
        const at = start + o * TENURES;
        for (let c = 0; c < TENURES; c++) {
          const own = belief[at + c];
          if (own === 0) continue;
          const next = kinds[c];
          const same = own * next[JOB] * stay[groupOf[o] * TENURES + c];
          into[at + Math.min(c + 1, TENURES - 1)] += same;
          moving += own * next[JOB] - same;
          for (let s = 1; s <= specials; s++) into[idle + (s - 1) * (J + 1) + o] += own * next[s];
        }
        movers[o] = moving;
      }
      let fresh = 0;
      for (let s = 1; s <= specials; s++) {
        const from = idle + (s - 1) * (J + 1);
        const next = fromSpecial[s];
        for (let o = 0; o <= J; o++) {
          const own = belief[from + o];
          if (own === 0) continue;
          for (let to = 1; to <= specials; to++) into[idle + (to - 1) * (J + 1) + o] += own * next[to];
          const works = own * next[JOB];
          if (o === J) {
            fresh += works;
            continue;
          }
          const again = works * law.moves.recall(s, o);
          into[start + o * TENURES] += again;
          movers[o] += works - again;
        }
      }
      for (let o = 0; o < J; o++) movers[o] /= totals[o];
      law.moves.spread(movers, weights, into, start, TENURES);
      if (fresh > 0) {
        const total = weights.reduce((a, b) => a + b, 0);
        for (let y = 0; y < J; y++) into[start + y * TENURES] += (fresh * weights[y]) / total;
      }
    }
  }

  /** Adds to `into` a belief times the probability that education rises (or not) before the next step. */
  schooled(
    belief: Float64Array,
    person: LawPerson,
    year: number,
    education: number,
    rises: boolean,
    into: Float64Array,
  ): void {
    const { law, J, stateSize } = this;
    const other = law.rise.probability(education, false, person, year);
    const enrolled = law.rise.probability(education, true, person, year);
    const [p, q] = rises ? [other, enrolled] : [1 - other, 1 - enrolled];
    const school = J * TENURES + (IN_EDUCATION - 1) * (J + 1);
    for (let start = 0; start < belief.length; start += stateSize) {
      const enrolledFrom = Math.min(start + school, belief.length);
      const end = start + stateSize;
      for (let at = start; at < enrolledFrom && at < end; at++) into[at] += belief[at] * p;
      for (let at = enrolledFrom; at < end; at++) into[at] += belief[at] * q;
    }
  }
}
