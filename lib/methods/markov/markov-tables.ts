import type { Career, Observation, WeightedCareers } from "../../careers";
import type { TitleSet } from "../../occupations";
import type { ContextCounts } from "./back-off";

/** One person-year as the transition table sees it; a title is -1 where there was none before. */
export interface Transition {
  previous: number;
  before: number;
  title: number;
  education: string;
  /** Years since the observation before; 0 where there was none. */
  gap: number;
  /** How much it counts in the table. */
  weight: number;
}

export const isFirst = ({ previous }: Transition) => previous < 0;
export const isLater = ({ previous }: Transition) => previous >= 0;
export const isMove = (step: Transition) => isLater(step) && step.title !== step.previous;

/** What the rows of a table are for; "entries" has one row, of all titles that are entered, "all" one of the chain's own. */
export const markovContexts = [
  "entries",
  "all",
  "years",
  "education",
  "previous",
  "previous and years",
  "previous and education",
  "two",
  "two and education",
] as const;
export type MarkovContext = (typeof markovContexts)[number];

/** The row of a step. */
const rowKey: Record<MarkovContext, (step: Transition) => string> = {
  entries: () => "",
  all: () => "",
  years: ({ gap }) => String(gap),
  education: ({ education }) => education,
  previous: ({ previous }) => String(previous),
  "previous and years": ({ previous, gap }) => `${previous} ${gap}`,
  "previous and education": ({ previous, education }) => `${previous} ${education}`,
  two: ({ previous, before }) => `${previous} ${before}`,
  "two and education": ({ previous, before, education }) => `${previous} ${before} ${education}`,
};

/** A table of counts of classes that backs off to the row before it in a chain. */
export interface MarkovTable {
  context: MarkovContext;
  counts: ContextCounts;
  /** Pseudo-counts of the row before. */
  alpha: number;
  /** Whether they were chosen on validation careers. */
  chosen: boolean;
}

/** The row of a table that a step has. */
export function contextOf({ context }: Pick<MarkovTable, "context">, step: Transition): string {
  return rowKey[context](step);
}

/** A distribution over C classes, (C), and the tables that back off to it, coarse to fine. */
export class BackOffChain {
  constructor(
    readonly base: Float64Array,
    readonly tables: readonly MarkovTable[],
  ) {}

  /** The probability of one class. */
  probability(step: Transition, c: number): number {
    return this.tables.reduce(
      (base, table) => table.counts.probability(contextOf(table, step), c, base, table.alpha),
      this.base[c],
    );
  }

  /** (C): the probability of each class. */
  row(step: Transition): Float64Array {
    return this.tables.reduce(
      (base, table) => table.counts.row(contextOf(table, step), base, table.alpha),
      this.base,
    );
  }

  /** The chain with some of its tables. */
  withTables(keep: (table: MarkovTable) => boolean): BackOffChain {
    return new BackOffChain(this.base, this.tables.filter(keep));
  }

  /** Equal where the rows are. */
  key(step: Transition): string {
    return this.tables.map((table) => contextOf(table, step)).join("|");
  }

  /** Free numbers: of each row that was seen, and the concentrations chosen; without those of the last resort. */
  get parameters(): number {
    const counted = this.tables.filter(({ context }) => context !== "entries");
    const rows = counted.reduce((sum, { counts }) => sum + counts.size, 0);
    return rows * (this.base.length - 1) + this.tables.filter(({ chosen }) => chosen).length;
  }
}

/** Classes of the chain of staying. */
export const [MOVE, STAY] = [0, 1];

/** Two chains: whether the previous title goes on (2), and which other title comes where it does not (J). */
export interface StayOrMove {
  stay: BackOffChain;
  move: BackOffChain;
}

/** The chains of a Markov model; the base of each is what is known before anything is counted. */
export interface MarkovChains<Later = StayOrMove | BackOffChain> {
  /** First titles, (J). */
  first: BackOffChain;
  /** Later titles; of the additive back-off one chain of all titles (J). */
  later: Later;
}

export type StayOrMoveChains = MarkovChains<StayOrMove>;

/** (J): the probability of each title at a step, whatever happened. */
export function titleRow({ first, later }: MarkovChains, step: Transition): Float64Array {
  if (step.previous < 0) return first.row(step);
  if (later instanceof BackOffChain) return later.row(step);
  const row = later.move.row(step); // (J)
  const others = 1 - row[step.previous];
  const stays = others > 0 ? later.stay.row(step)[STAY] : 1; // nowhere to move to
  const scale = others > 0 ? (1 - stays) / others : 0;
  for (let j = 0; j < row.length; j++) row[j] *= scale;
  row[step.previous] = stays;
  return row;
}

/** Equal where the rows of two steps are. */
export function rowOf({ first, later }: MarkovChains, step: Transition): string {
  if (step.previous < 0) return `first ${first.key(step)}`;
  if (later instanceof BackOffChain) return later.key(step);
  return `${step.previous}: ${later.stay.key(step)}: ${later.move.key(step)}`;
}

/** The chains by name. */
export function chainsOf({ first, later }: MarkovChains): Record<string, BackOffChain> {
  return later instanceof BackOffChain ? { first, later } : { first, ...later };
}

/** All person-years of the careers, in the order of a `TitleDistribution`'s rows. */
export function transitions(
  careers: readonly Career[],
  titles: TitleSet,
  weights?: WeightedCareers["weights"],
): Transition[] {
  return careers.flatMap(({ observations, given }, person) => {
    const all = observations.map(({ title, education, year }: Observation, i) => ({
      previous: i === 0 ? -1 : titles.indexOf(observations[i - 1].title),
      before: i < 2 ? -1 : titles.indexOf(observations[i - 2].title),
      title: titles.indexOf(title),
      education: education ?? "",
      gap: i === 0 ? 0 : year - observations[i - 1].year,
      weight: weights?.[person] ?? 1,
    }));
    return given ? all.slice(given) : all;
  });
}
