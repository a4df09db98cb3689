import type { CareerLaw } from "./career-law";
import type { Hypothesis } from "./hypotheses";
import { IN_EDUCATION, TENURES } from "./parameters";
import type { LawPerson } from "./person";
import type { YearlyStep } from "./yearly-step";

const LEVELS = 5;

/** What is believed of a person under one hypothesis; `slot` is that of the last observation. */
type KnownBelief =
  /** At work: (types, 5) masses by tenure. */
  | { form: "job"; slot: number; mass: Float64Array }
  /** In a special state after a known occupation: (types) masses. */
  | { form: "special"; slot: number; last: number; mass: Float64Array };
type Belief =
  | KnownBelief
  /** In a special state after an occupation in a year that nobody observed: a dense belief. */
  | { form: "dense"; slot: number; mass: Float64Array };

/** The masses a year or more after the last observation, before the title is known. */
type Near = { form: "first" | "near"; joint: Float64Array; stayed?: Float64Array };
type Outlook = Near | { form: "dense"; mass: Float64Array };

/**
 * The exact distribution of a person's title in the next observed year: a forward pass over types, tenure, last
 * occupation and, in years between observations, title and education, all of which are summed over. Conditioned on:
 * covariates (those missing are summed over), all titles and education levels observed before, the education of
 * the year asked for, and that there are interviews in these years, which tells of a birth year that is missing where
 * age ends them.
 */
export class Filter {
  private beliefs: Belief[] = [];
  private outlooks: Outlook[] = [];
  private year = 0;
  private education = 0;
  private nextYear = 0;
  private nextEducation = 0;

  constructor(
    private readonly law: CareerLaw,
    private readonly step: YearlyStep,
    private hypotheses: readonly Hypothesis[],
    /** (5): P(education in the first year) where it is not the law's own. */
    private readonly firstEducation?: readonly number[],
    /** Nobody is interviewed beyond this age, but for the first time. */
    private readonly lastAge = Infinity,
  ) {}

  /** Whether somebody whom the covariates allow can have the interviews so far. */
  get isPossible(): boolean {
    return this.hypotheses.length > 0;
  }

  /**
   * Fills `row` (slots) with joint probabilities of title and education, up to a constant factor, and returns their
   * sum: 0 where the law cannot bring the person to that education.
   */
  predict(year: number, education: number, row: Float64Array): number {
    this.nextYear = year;
    this.nextEducation = education;
    if (this.beliefs.length > 0) this.keepInterviewed(year);
    row.fill(0);
    this.outlooks = this.hypotheses.map((hypothesis, i) => {
      const outlook = this.outlook(hypothesis, i, year, education);
      this.collapse(outlook, row);
      return outlook;
    });
    return row.reduce((a, b) => a + b, 0);
  }

  /** Leaves out who is too old for an interview in the year. */
  private keepInterviewed(year: number): void {
    const young = this.hypotheses.map(({ person }) => year - person.birthYear <= this.lastAge);
    if (!young.includes(false)) return;
    this.hypotheses = this.hypotheses.filter((_, i) => young[i]);
    this.beliefs = this.beliefs.filter((_, i) => young[i]);
  }

  /** Takes the title of the year last predicted. */
  observe(slot: number): void {
    const age = (i: number) => this.nextYear - this.hypotheses[i].person.birthYear;
    this.beliefs = this.outlooks.map((outlook, i) => this.observed(outlook, i, slot, age(i)));
    let total = 0;
    for (const { mass } of this.beliefs) for (let i = 0; i < mass.length; i++) total += mass[i];
    for (const { mass } of this.beliefs) for (let i = 0; i < mass.length; i++) mass[i] /= total;
    this.year = this.nextYear;
    this.education = this.nextEducation;
  }

  /**
   * (5, slots): joint probabilities of education and title so many years after the last observation, whether there is
   * an interview then or not.
   */
  ahead(years: number): Float64Array {
    const columns = this.law.titles.size;
    const joint = new Float64Array(LEVELS * columns);
    this.hypotheses.forEach((hypothesis, i) => {
      const levels = this.advance(this.beliefs[i], hypothesis, this.year + years, LEVELS - 1);
      levels.forEach((mass, e) => {
        if (mass !== undefined)
          this.collapse({ form: "dense", mass }, joint.subarray(e * columns, (e + 1) * columns));
      });
    });
    return joint;
  }

  private outlook({ person, share }: Hypothesis, i: number, year: number, education: number): Outlook {
    const { law, step } = this;
    const belief = this.beliefs[i];
    if (belief === undefined) {
      const all = share * (this.firstEducation ?? law.rise.first(person, year))[education];
      return { form: "first", joint: step.first(person, year, education, all) };
    }
    if (year > this.year + 1 || belief.form === "dense") {
      const mass = this.advance(belief, { person, share }, year, education)[education];
      return { form: "dense", mass: mass ?? new Float64Array(step.size) };
    }
    return this.near(belief, person, education);
  }

  /** The year after the last observation, from a state known but for type and tenure. */
  private near(belief: KnownBelief, person: LawPerson, education: number): Near {
    const { law, step } = this;
    const year = this.year + 1;
    const joint = new Float64Array(law.types.length * law.titles.size);
    const rise = law.rise.probability(this.education, law.kindOf(belief.slot) === IN_EDUCATION, person, year);
    const risen = education - this.education;
    const factor = risen === 0 ? 1 - rise : risen === 1 ? rise : 0;
    const mass = belief.mass.map((m) => m * factor);
    if (belief.form === "job") {
      const stayed = new Float64Array(mass.length);
      step.fromJob(belief.slot, mass, person, year, education, joint, stayed);
      return { form: "near", joint, stayed };
    }
    step.fromSpecialState(law.kindOf(belief.slot), belief.last, mass, person, year, education, joint);
    return { form: "near", joint };
  }

  /** Dense beliefs by education level in `year`, through the years that nobody observed. */
  private advance(
    belief: Belief,
    { person }: Hypothesis,
    year: number,
    highest: number,
  ): (Float64Array | undefined)[] {
    const { step } = this;
    let levels: (Float64Array | undefined)[] = new Array(LEVELS).fill(undefined);
    let from = this.year + 1;
    if (belief.form === "dense") levels[this.education] = belief.mass;
    else {
      for (let e = this.education; e <= Math.min(highest, this.education + 1); e++) {
        levels[e] = this.dense(belief, this.near(belief, person, e));
      }
      from++;
    }
    for (let y = from; y <= year; y++) {
      const next: (Float64Array | undefined)[] = new Array(LEVELS).fill(undefined);
      for (let e = this.education; e <= Math.min(highest, this.education + y - this.year); e++) {
        const source = new Float64Array(step.size);
        if (levels[e] !== undefined) step.schooled(levels[e]!, person, y, e, false, source);
        const below = e > 0 ? levels[e - 1] : undefined;
        if (below !== undefined) step.schooled(below, person, y, e - 1, true, source);
        next[e] = new Float64Array(step.size);
        step.dense(source, person, y, e, next[e]!);
      }
      levels = next;
    }
    return levels;
  }

  /** The dense belief that says the same as joint masses of type and slot. */
  private dense(before: KnownBelief, { joint, stayed }: Near): Float64Array {
    const { stateSize, size } = this.step;
    const J = this.law.occupations;
    const columns = this.law.titles.size;
    const last = before.form === "job" ? before.slot : before.last < 0 ? J : before.last;
    const out = new Float64Array(size);
    this.law.types.forEach((_, z) => {
      const start = z * stateSize;
      for (let o = 0; o < J; o++) out[start + o * TENURES] = joint[z * columns + o];
      if (stayed !== undefined) {
        out.set(stayed.subarray(z * TENURES, (z + 1) * TENURES), start + before.slot * TENURES);
      }
      for (let s = 0; s < columns - J; s++) {
        out[start + J * TENURES + s * (J + 1) + last] = joint[z * columns + J + s];
      }
    });
    return out;
  }

  /** Adds the masses of the slots to `row`. */
  private collapse(outlook: Outlook, row: Float64Array): void {
    if (outlook.form !== "dense") {
      const { joint } = outlook;
      for (let at = 0; at < joint.length; )
        for (let slot = 0; slot < row.length; slot++) row[slot] += joint[at++];
      return;
    }
    const J = this.law.occupations;
    const { mass } = outlook;
    for (let at = 0; at < mass.length; ) {
      for (let o = 0; o < J; o++) for (let c = 0; c < TENURES; c++) row[o] += mass[at++];
      for (let slot = J; slot < row.length; slot++) for (let o = 0; o <= J; o++) row[slot] += mass[at++];
    }
  }

  private observed(outlook: Outlook, i: number, slot: number, age: number): Belief {
    const { law, step } = this;
    const types = law.types.length;
    const J = law.occupations;
    if (outlook.form === "dense") {
      const start = (z: number) => z * step.stateSize;
      if (slot < J) {
        const mass = new Float64Array(types * TENURES);
        for (let z = 0; z < types; z++) {
          const at = start(z) + slot * TENURES;
          mass.set(outlook.mass.subarray(at, at + TENURES), z * TENURES);
        }
        return { form: "job", slot, mass };
      }
      const mass = new Float64Array(step.size);
      for (let z = 0; z < types; z++) {
        const at = start(z) + J * TENURES + (slot - J) * (J + 1);
        mass.set(outlook.mass.subarray(at, at + J + 1), at);
      }
      return { form: "dense", slot, mass };
    }
    const columns = law.titles.size;
    const joint = Float64Array.from({ length: types }, (_, z) => outlook.joint[z * columns + slot]);
    const before = this.beliefs[i];
    if (slot >= J) {
      const last = before === undefined ? -1 : before.form === "special" ? before.last : before.slot;
      return { form: "special", slot, last, mass: joint };
    }
    if (outlook.stayed !== undefined && before.slot === slot)
      return { form: "job", slot, mass: outlook.stayed };
    const mass = new Float64Array(types * TENURES);
    const tenure = outlook.form === "first" ? step.firstTenure(age) : undefined;
    for (let z = 0; z < types; z++) {
      if (tenure === undefined) mass[z * TENURES] = joint[z];
      else for (let c = 0; c < TENURES; c++) mass[z * TENURES + c] = joint[z] * tenure[c];
    }
    return { form: "job", slot, mass };
  }
}
