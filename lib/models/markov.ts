import type { Career } from "../careers/career";
import type { WeightedCareers } from "../careers/pool";
import { UserError } from "../errors";
import type { TitleSet } from "../occupations/title-set";
import { ContextCounts, chooseConcentration } from "./back-off";
import { fitEmpirical } from "./empirical";
import {
  contextOf,
  MarkovChain,
  type MarkovContext,
  type MarkovTable,
  shareAt,
  type Transition,
  transitions,
} from "./markov-tables";
import type { OccupationModel } from "./occupation-model";
import { emptyDistribution } from "./title-distribution";

export interface MarkovOptions {
  /** Titles before the current one that the transition depends on. Default 1. */
  order?: 1 | 2;
  /** Careers of other persons; each concentration is chosen to maximise their likelihood. */
  validation?: readonly Career[];
  /**
   * Fixes every concentration at this number of pseudo-counts: 0 gives raw frequencies, Infinity the empirical
   * distribution. Default: chosen on `validation`, and 10 where there is none.
   */
  alpha?: number;
  /** Covariates of the current year that the transition depends on besides the previous title. Default none. */
  given?: readonly "education"[];
  /** Pseudo-counts a title in the empirical distribution, the last resort. Default 1. */
  smoothing?: number;
  /** Default "Markov", "second-order" before and "given education" after it where they apply. */
  name?: string;
}

export interface MarkovModel extends OccupationModel {
  /** Pseudo-counts of the empirical distribution in each row of the transition table. */
  readonly alpha: number;
  /** Pseudo-counts of the empirical distribution among first observations. */
  readonly alphaFirst: number;
  /** Pseudo-counts of the row without education in the row with it; absent if education is not given. */
  readonly alphaEducation?: number;
  /** Pseudo-counts of the first-order row in the row of the last two titles; absent at order 1. */
  readonly alphaSecond?: number;
  /** Free numbers that were fitted: probabilities of the rows that were seen, and concentrations that were chosen. */
  readonly parameters: number;
  /** The tables themselves. */
  readonly chain: MarkovChain;
  /** (J): the distribution of a person's first title, whatever the education. */
  first(): Float64Array;
  /** (J, J) row-major: row the previous title, column the title; whatever the education. */
  transition(): Float64Array;
}

const DEFAULT_ALPHA = 10;

/**
 * Markov transitions between observed years, with back-off:
 * P(y | previous) = (count(previous, y) + alpha P0(y)) / (count(previous) + alpha), P0 the empirical
 * distribution. First observations have a row of their own. Given education, the row of (previous, education)
 * backs off in the same way to the row of the previous title; of the second order, the row of the last two titles
 * (and education) backs off to the first-order row. A missing education, and no title before the previous one, are
 * levels of their own. Years between two observations are not counted: a gap is one transition, as in the text.
 * @throws UserError if there is nothing to count, a title is not of the set, or an option is out of range
 */
export function fitMarkov(train: WeightedCareers, options: MarkovOptions = {}): MarkovModel {
  const { titles } = train;
  const { order = 1 } = options;
  const withEducation = options.given?.includes("education") ?? false;
  if (options.alpha !== undefined && !(options.alpha >= 0)) {
    throw new UserError(`alpha is ${options.alpha}`, "Give a number of pseudo-counts, 0 or more.");
  }
  if (order !== 1 && order !== 2) throw new UserError(`order is ${order}`, "Give 1 or 2.");
  const empirical = fitEmpirical(train, { smoothing: options.smoothing }).probability; // (J)
  const known = transitions(train.careers, titles, train.weights);
  // Where the empirical distribution says never, no concentration can help.
  const validation = transitions(options.validation ?? [], titles).filter(
    ({ title }) => empirical[title] > 0,
  );
  let chain = new MarkovChain(empirical, []);

  /** Adds a table to the chain; where first observations have a row in the last chain, with a number of their own. */
  const back = (context: MarkovContext, { ownFirst = false } = {}) => {
    const counts = new ContextCounts(titles.size);
    for (const step of known) {
      const key = contextOf({ context }, step);
      if (key !== undefined) counts.add(key, step.title, step.weight);
    }
    const table: MarkovTable = { context, counts, alpha: DEFAULT_ALPHA, chosen: 0 };
    const choose = (isOfKind: (step: Transition) => boolean): number => {
      if (options.alpha !== undefined) return options.alpha;
      const steps = validation.filter((step) => isOfKind(step) && contextOf(table, step) !== undefined);
      if (steps.length === 0) return DEFAULT_ALPHA;
      table.chosen++;
      const bases = steps.map((step) => chain.probability(step));
      return chooseConcentration((alpha) =>
        steps.reduce((sum, step, n) => sum + Math.log(shareAt(table, step, bases[n], alpha)), 0),
      );
    };
    const alpha = choose((step) => !ownFirst || step.previous >= 0);
    const alphaFirst = ownFirst ? choose((step) => step.previous < 0) : undefined;
    chain = new MarkovChain(empirical, [...chain.tables, { ...table, alpha, alphaFirst }]);
  };
  back("previous", { ownFirst: true });
  if (withEducation) back("education");
  if (order === 2) back(withEducation ? "two and education" : "two");
  const kind = `${order === 2 ? "Second-order Markov" : "Markov"}${withEducation ? " given education" : ""}`;
  return markovModel(options.name ?? kind, chain, titles);
}

/** The model of fitted tables. */
export function markovModel(name: string, chain: MarkovChain, titles: TitleSet): MarkovModel {
  const { empirical, tables } = chain;
  const firstOrder = new MarkovChain(empirical, tables.slice(0, 1));
  const after = (previous: number) =>
    firstOrder.row({ previous, before: -1, title: 0, education: "", weight: 1 }); // (J)
  const alphaOf = (...contexts: MarkovContext[]) =>
    tables.find(({ context }) => contexts.includes(context))?.alpha;
  return {
    name,
    chain,
    parameters: chain.parameters,
    alpha: tables[0].alpha,
    alphaFirst: tables[0].alphaFirst!,
    alphaEducation: alphaOf("education"),
    alphaSecond: alphaOf("two", "two and education"),
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
        const key = chain.key(step);
        let logRow = logRows.get(key); // (J)
        if (logRow === undefined) {
          logRow = Float32Array.from(chain.row(step), Math.log);
          logRows.set(key, logRow);
        }
        distribution.logProbability.set(logRow, n * titles.size);
      });
      onProgress?.(steps.length, steps.length);
      return distribution;
    },
  };
}
