import type { Career, WeightedCareers } from "../../careers";
import { UserError } from "../../errors";
import type { TitleSet } from "../../occupations";
import { emptyDistribution, type OccupationModel } from "../../predictions";
import { fitEmpirical } from "./empirical";
import { type ChainPart, fitChain } from "./markov-fit";
import {
  BackOffChain,
  chainsOf,
  isFirst,
  isLater,
  isMove,
  type MarkovChains,
  type MarkovContext,
  type MarkovTable,
  MOVE,
  rowOf,
  STAY,
  type StayOrMoveChains,
  type Transition,
  titleRow,
  transitions,
} from "./markov-tables";

export interface MarkovOptions {
  /** Titles before the current one that the transition depends on. Default 1. */
  order?: 1 | 2;
  /**
   * What a row of few observations backs off to: "stay or move" (default), that people stay with the pooled
   * probability and otherwise move as all movers do; or "additive", the shares of the titles, by which hardly anybody
   * stays in a title that is rare or new.
   */
  backOff?: "stay or move" | "additive";
  /** Careers of other persons; each concentration is chosen to maximise their likelihood. */
  validation?: readonly Career[];
  /**
   * Fixes every concentration at this number of pseudo-counts: 0 gives raw frequencies, Infinity the row that is
   * backed off to. Default: chosen on `validation`, and 10 where there is none.
   */
  alpha?: number;
  /** Covariates of the current year that the transition depends on besides the previous title. Default none. */
  given?: readonly "education"[];
  /**
   * Pseudo-counts a title in the last resort: the shares of titles that are entered (first observations and moves);
   * of the additive back-off, of all person-years. Default: chosen on `validation`, and 1 where there is none or the
   * back-off is additive.
   */
  smoothing?: number;
  /** Default "Markov", "second-order" before and "given education" after it where they apply. */
  name?: string;
}

/** The pseudo-counts of one table of a Markov model. */
export interface Concentration {
  chain: string;
  context: MarkovContext;
  alpha: number;
}

export interface MarkovModel extends OccupationModel {
  /** Pseudo-counts of what each table backs off to, coarse to fine. */
  readonly concentrations: readonly Concentration[];
  /** Free numbers that were fitted: probabilities of the rows that were seen, and concentrations that were chosen. */
  readonly parameters: number;
  /** The tables themselves. */
  readonly chains: MarkovChains;
  /** Whether rows depend on the previous title, and the years since, alone. */
  readonly isFirstOrder: boolean;
  /** (J): the distribution of a person's first title, whatever the education. */
  first(): Float64Array;
  /** (J, J) row-major: row the previous title, column the title a year later; whatever the education. */
  transition(): Float64Array;
}

/**
 * Markov transitions between observed years, with back-off. A first-order table says P(previous | previous) = s and
 * P(y | previous) = (1 - s) q(y): s, the probability of staying, backs off from (previous title, years since) to the years
 * since, and to that of everybody; q, the destination of those who move, from the previous title to the destinations
 * of all movers, and to the shares of all titles that are entered. First observations have a table of their own. Each row is
 * (count + alpha row before) / (total + alpha), a Dirichlet posterior's mean (MacKay and Peto 1995). Given education,
 * and of the second order, each chain has one more table. A missing education, and no title before the previous one,
 * are levels of their own.
 * @throws UserError if there is nothing to count, a title is not of the set, or an option is out of range
 */
export function fitMarkov(train: WeightedCareers, options: MarkovOptions = {}): MarkovModel {
  const { titles } = train;
  const { order = 1, backOff = "stay or move" } = options;
  if (options.alpha !== undefined && !(options.alpha >= 0)) {
    throw new UserError(`alpha is ${options.alpha}`, "Give a number of pseudo-counts, 0 or more.");
  }
  if (order !== 1 && order !== 2) throw new UserError(`order is ${order}`, "Give 1 or 2.");
  const empirical = fitEmpirical(train, { smoothing: options.smoothing }).probability; // (J)
  const known = transitions(train.careers, titles, train.weights);
  // Where the empirical distribution says never, no concentration can help.
  const held = transitions(options.validation ?? [], titles).filter(({ title }) => empirical[title] > 0);
  const given = options.given?.includes("education") ?? false;
  const finer: MarkovContext[] = [
    ...(given ? ["previous and education" as const] : []),
    ...(order === 2 ? [given ? ("two and education" as const) : ("two" as const)] : []),
  ];
  const ofFirst: MarkovContext[] = given ? ["all", "education"] : ["all"];
  const fit = (part: Omit<ChainPart, "alpha">) => fitChain({ ...part, alpha: options.alpha }, known, held);
  const name = `${order === 2 ? "Second-order Markov" : "Markov"}${given ? " given education" : ""}`;
  const model = (chains: MarkovChains) => markovModel(options.name ?? name, chains, titles);
  if (backOff === "additive") {
    const part = { base: empirical, classOf: titleOf };
    return model({
      first: fit({ ...part, of: isFirst, contexts: ofFirst }),
      later: fit({ ...part, of: isLater, contexts: ["previous", ...finer] }),
    });
  }
  const part = {
    base: empirical.map(() => 1 / titles.size),
    classOf: titleOf,
    entries: options.smoothing ?? "chosen",
  } as const;
  return model({
    first: fit({ ...part, of: isFirst, contexts: ofFirst }),
    later: {
      stay: fit({
        base: Float64Array.of(0.5, 0.5),
        classOf: (step) => (isMove(step) ? MOVE : STAY),
        of: isLater,
        contexts: ["all", "years", "previous and years", ...finer],
      }),
      move: fit({ ...part, of: isMove, contexts: ["all", "previous", ...finer], excludesPrevious: true }),
    },
  });
}

const titleOf = ({ title }: Transition) => title;

/** The model of fitted chains. */
export function markovModel(name: string, chains: MarkovChains, titles: TitleSet): MarkovModel {
  const after = (previous: number) =>
    titleRow(coarse(chains), { previous, before: -1, title: 0, education: "", gap: 1, weight: 1 }); // (J)
  const named = Object.entries(chainsOf(chains));
  return {
    name,
    chains,
    isFirstOrder: named.every(([, { tables }]) => tables.every(isCoarse)),
    concentrations: named.flatMap(([chain, { tables }]) =>
      tables.map(({ context, alpha }) => ({ chain, context, alpha })),
    ),
    // The shares of titles, the last resort of every chain, are counted once.
    parameters: named.reduce((sum, [, { parameters }]) => sum + parameters, titles.size - 1),
    first: () => after(-1),
    transition() {
      const matrix = new Float64Array(titles.size ** 2); // (J, J)
      for (let j = 0; j < titles.size; j++) matrix.set(after(j), j * titles.size);
      return matrix;
    },
    async predict(careers, { onProgress } = {}) {
      const distribution = emptyDistribution(careers, titles);
      const logRows = new Map<string, Float32Array>();
      const steps = transitions(careers, titles);
      steps.forEach((step, n) => {
        const key = rowOf(chains, step);
        let logRow = logRows.get(key); // (J)
        if (logRow === undefined) {
          logRow = Float32Array.from(titleRow(chains, step), Math.log);
          logRows.set(key, logRow);
        }
        distribution.logProbability.set(logRow, n * titles.size);
      });
      onProgress?.(steps.length, steps.length);
      return distribution;
    },
  };
}

const COARSE: readonly MarkovContext[] = ["entries", "all", "years", "previous", "previous and years"];
const isCoarse = ({ context }: MarkovTable) => COARSE.includes(context);

/** The chains of the first order, whatever the education. */
function coarse({ first, later }: MarkovChains): MarkovChains {
  const cut = (chain: BackOffChain) => chain.withTables(isCoarse);
  if (later instanceof BackOffChain) return { first: cut(first), later: cut(later) };
  return { first: cut(first), later: { stay: cut(later.stay), move: cut(later.move) } };
}

/** Shares of titles among those that are entered, whoever enters them; each (J), positive. */
export interface EntryShares {
  /** First observations and moves. */
  entries: Float64Array;
  first: Float64Array;
  move: Float64Array;
}

/**
 * The pooled rows to which a Markov table backs off, smoothed as the validation careers choose: what other models
 * start from too.
 * @throws UserError as `fitMarkov`
 */
export function entryShares(train: WeightedCareers, validation: readonly Career[]): EntryShares {
  const { first, later } = fitMarkov(train, { validation }).chains as StayOrMoveChains;
  const anybody = { previous: -1, before: -1, title: 0, education: "", gap: 0, weight: 1 };
  const pooled = (chain: BackOffChain, ...contexts: MarkovContext[]) =>
    chain.withTables(({ context }) => contexts.includes(context)).row(anybody);
  return {
    entries: pooled(later.move, "entries"),
    first: pooled(first, "entries", "all"),
    move: pooled(later.move, "entries", "all"),
  };
}
