import { ContextCounts, chooseConcentration, posteriorMean } from "./back-off";
import {
  BackOffChain,
  contextOf,
  isFirst,
  isMove,
  type MarkovContext,
  type MarkovTable,
  type Transition,
} from "./markov-tables";

/** Where there are no careers to choose on. */
const DEFAULT_ALPHA = 10;

/** What a chain is about. */
export interface ChainPart {
  /** (C) */
  base: Float64Array;
  /** Which class a step has. */
  classOf: (step: Transition) => number;
  /** The steps that it is about. */
  of: (step: Transition) => boolean;
  contexts: readonly MarkovContext[];
  /** Pseudo-counts a title in the shares of titles entered, which then come before the contexts. */
  entries?: number | "chosen";
  /** Whether the class of the previous title cannot happen. */
  excludesPrevious?: boolean;
  /** Pseudo-counts of every table but the shares; chosen where there are none. */
  alpha?: number;
}

/**
 * Adds one table after the other, coarse to fine, each with the concentration that is best for the held-out steps;
 * then goes over all of them again until none has a better one, given the others.
 */
export function fitChain(
  part: ChainPart,
  known: readonly Transition[],
  held: readonly Transition[],
): BackOffChain {
  const { base, classOf, entries: smoothing } = part;
  const own = known.filter(part.of);
  const validation = new HeldOut(part, held.filter(part.of));
  const tables: MarkovTable[] = [];
  const choose = (t: number) => {
    tables[t].alpha = chooseConcentration((alpha) => validation.logLikelihood(tables, t, alpha));
  };
  const add = (
    context: MarkovContext,
    steps: readonly Transition[],
    fixed?: number,
    otherwise = DEFAULT_ALPHA,
  ) => {
    const counts = new ContextCounts(base.length);
    for (const step of steps) counts.add(contextOf({ context }, step), classOf(step), step.weight);
    const chosen = fixed === undefined && validation.size > 0;
    tables.push({ context, counts, alpha: fixed ?? otherwise, chosen });
    validation.add(tables[tables.length - 1]);
    if (chosen) choose(tables.length - 1);
  };
  if (smoothing !== undefined) {
    // A title that one person holds for thirty years is entered once.
    const entries = known.filter((step) => isFirst(step) || isMove(step));
    const J = base.length;
    add("entries", entries, smoothing === "chosen" ? undefined : smoothing * J, J);
  }
  for (const context of part.contexts) add(context, own, part.alpha);
  const free = tables.flatMap(({ chosen }, t) => (chosen ? [t] : []));
  if (free.length > 1) {
    for (let before = -Infinity, sweep = 0; sweep < SWEEPS; sweep++) {
      for (const t of free) choose(t);
      const now = validation.logLikelihood(tables);
      if (now - before < 1e-6 * Math.abs(now)) break;
      before = now;
    }
  }
  return new BackOffChain(base, tables);
}

/** More change nothing beyond the fourth digit. */
const SWEEPS = 20;

/** How often a table has seen a title in the row of each step, and the row: (steps) each. */
interface Seen {
  count: Float64Array;
  total: Float64Array;
}

/** The steps of the validation careers that a chain is about, as its tables have seen them. */
class HeldOut {
  /** Of each table: the title that happened, and the previous one where it is excluded. */
  private readonly happened: Seen[] = [];
  private readonly excluded: Seen[] = [];
  /** (steps): their probabilities before any table. */
  private readonly base: Float64Array;
  private readonly baseOfExcluded: Float64Array;

  constructor(
    private readonly part: ChainPart,
    private readonly steps: readonly Transition[],
  ) {
    this.base = Float64Array.from(steps, (step) => part.base[part.classOf(step)]);
    this.baseOfExcluded = Float64Array.from(steps, ({ previous }) => part.base[previous]);
  }

  get size(): number {
    return this.steps.length;
  }

  /** Tells of the next table of the chain. */
  add(table: MarkovTable): void {
    const { classOf, excludesPrevious } = this.part;
    const seen = (title: (step: Transition) => number): Seen => {
      const [count, total] = [new Float64Array(this.size), new Float64Array(this.size)];
      this.steps.forEach((step, n) => {
        [count[n], total[n]] = table.counts.of(contextOf(table, step), title(step));
      });
      return { count, total };
    };
    this.happened.push(seen(classOf));
    if (excludesPrevious) this.excluded.push(seen(({ previous }) => previous));
  }

  /** Of all steps, with another concentration in one of the tables. */
  logLikelihood(tables: readonly MarkovTable[], changed = -1, alpha = NaN): number {
    const alphas = tables.map((table, t) => (t === changed ? alpha : table.alpha));
    const { happened, excluded, base, baseOfExcluded } = this;
    let sum = 0;
    for (let n = 0; n < this.size; n++) {
      const possible = excluded.length === 0 ? 1 : 1 - chained(excluded, alphas, n, baseOfExcluded[n]);
      sum += Math.log(chained(happened, alphas, n, base[n]) / possible);
    }
    return sum;
  }
}

/** The probability of a step's title by all tables. */
function chained(seen: readonly Seen[], alphas: readonly number[], n: number, base: number): number {
  let p = base;
  for (let t = 0; t < seen.length; t++) p = posteriorMean(seen[t].count[n], seen[t].total[n], p, alphas[t]);
  return p;
}
