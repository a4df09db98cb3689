import type { Career, Observation } from "../careers/career";
import type { WeightedCareers } from "../careers/pool";
import type { TitleSet } from "../occupations/title-set";
import type { ContextCounts } from "./back-off";

/** One person-year as the transition table sees it; a title is -1 where there was none before. */
export interface Transition {
  previous: number;
  before: number;
  title: number;
  education: string;
  /** How much it counts in the table. */
  weight: number;
}

/** What the rows of a table are for. */
export const markovContexts = ["previous", "education", "two", "two and education"] as const;
export type MarkovContext = (typeof markovContexts)[number];

/** The row of a step; undefined where the table has none and the row it backs off to stands. */
const rowKey: Record<MarkovContext, (step: Transition) => string | undefined> = {
  previous: ({ previous }) => String(previous),
  education: ({ previous, education }) => `${previous} ${education}`,
  two: ({ previous, before }) => (previous < 0 ? undefined : `${previous} ${before}`),
  "two and education": ({ previous, before, education }) =>
    previous < 0 ? undefined : `${previous} ${before} ${education}`,
};

/** A table of counts that backs off to the row before it in a chain. */
export interface MarkovTable {
  context: MarkovContext;
  counts: ContextCounts;
  /** Pseudo-counts of the row before. */
  alpha: number;
  /** Of first observations; absent where they have no number of their own. */
  alphaFirst?: number;
  /** How many of the two were chosen on validation careers. */
  chosen: number;
}

/** The row of a table that a step has. */
export function contextOf({ context }: Pick<MarkovTable, "context">, step: Transition): string | undefined {
  return rowKey[context](step);
}

/** The empirical distribution, (J), and the tables that back off to it, coarse to fine. */
export class MarkovChain {
  constructor(
    readonly empirical: Float64Array,
    readonly tables: readonly MarkovTable[],
  ) {}

  /** The probability of the step's title. */
  probability(step: Transition): number {
    return this.tables.reduce((base, table) => shareAt(table, step, base), this.empirical[step.title]);
  }

  /** (J): the probability of each title, whatever happened. */
  row(step: Transition): Float64Array {
    return this.tables.reduce((base, table) => {
      const key = contextOf(table, step);
      return key === undefined ? base : table.counts.row(key, base, alphaAt(table, step));
    }, this.empirical);
  }

  /** Equal where the rows are. */
  key(step: Transition): string {
    return contextOf(this.tables.at(-1)!, step) ?? contextOf(this.tables.at(-2)!, step)!;
  }

  /** Free numbers: those of the empirical distribution, of each row that was seen, and the concentrations chosen. */
  get parameters(): number {
    const rows = this.tables.reduce((sum, { counts }) => sum + counts.size, 1);
    const chosen = this.tables.reduce((sum, table) => sum + table.chosen, 0);
    return rows * (this.empirical.length - 1) + chosen;
  }
}

/** The probability of the step's title by one table, given that of the row it backs off to. */
export function shareAt(
  table: MarkovTable,
  step: Transition,
  base: number,
  alpha = alphaAt(table, step),
): number {
  const key = contextOf(table, step);
  return key === undefined ? base : table.counts.probability(key, step.title, base, alpha);
}

function alphaAt({ alpha, alphaFirst = alpha }: MarkovTable, { previous }: Transition): number {
  return previous < 0 ? alphaFirst : alpha;
}

/** All person-years of the careers, in the order of a `TitleDistribution`'s rows. */
export function transitions(
  careers: readonly Career[],
  titles: TitleSet,
  weights?: WeightedCareers["weights"],
): Transition[] {
  return careers.flatMap(({ observations }, person) =>
    observations.map(({ title, education }: Observation, i) => ({
      previous: i === 0 ? -1 : titles.indexOf(observations[i - 1].title),
      before: i < 2 ? -1 : titles.indexOf(observations[i - 2].title),
      title: titles.indexOf(title),
      education: education ?? "",
      weight: weights?.[person] ?? 1,
    })),
  );
}
