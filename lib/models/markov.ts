import type { Career, Observation } from "../careers/career";
import type { WeightedCareers } from "../careers/pool";
import { UserError } from "../errors";
import type { TitleSet } from "../occupations/title-set";
import { ContextCounts, chooseConcentration } from "./back-off";
import { fitEmpirical } from "./empirical";
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
  /** (J): the distribution of a person's first title, whatever the education. */
  first(): Float64Array;
  /** (J, J) row-major: row the previous title, column the title; whatever the education. */
  transition(): Float64Array;
}

/** One person-year as the transition table sees it; a title is -1 where there was none before. */
interface Transition {
  previous: number;
  before: number;
  title: number;
  education: string;
  /** How much it counts in the table. */
  weight: number;
}

const DEFAULT_ALPHA = 10;

/** What a row of a table is for; undefined where the table has none and the row it backs off to stands. */
type Context = (step: Transition) => string | undefined;

const givenPrevious: Context = ({ previous }) => String(previous);
const givenEducation: Context = ({ previous, education }) => `${previous} ${education}`;
const givenTwo: Context = ({ previous, before }) => (previous < 0 ? undefined : `${previous} ${before}`);
const givenTwoAndEducation: Context = (step) =>
  step.previous < 0 ? undefined : `${givenTwo(step)} ${step.education}`;

/** A table of counts that backs off to the row before it in a chain. */
interface Level {
  context: Context;
  counts: ContextCounts<string>;
  alpha: (step: Transition) => number;
}

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
  const levels: Level[] = [];
  const probability = (step: Transition) =>
    levels.reduce((base, level) => shareAt(level, step, base, level.alpha(step)), empirical[step.title]);

  /** Adds a table to the chain; its concentration is chosen for each kind of step by itself. */
  const back = (context: Context, kinds: readonly ((step: Transition) => boolean)[]): number[] => {
    const counts = new ContextCounts<string>(titles.size);
    for (const step of known) {
      const key = context(step);
      if (key !== undefined) counts.add(key, step.title, step.weight);
    }
    const level: Level = { context, counts, alpha: () => DEFAULT_ALPHA };
    const alphas = kinds.map((isOfKind) => {
      if (options.alpha !== undefined) return options.alpha;
      const steps = validation.filter((step) => isOfKind(step) && context(step) !== undefined);
      if (steps.length === 0) return DEFAULT_ALPHA;
      const bases = steps.map(probability);
      return chooseConcentration((alpha) =>
        steps.reduce((sum, step, n) => sum + Math.log(shareAt(level, step, bases[n], alpha)), 0),
      );
    });
    levels.push({ ...level, alpha: (step) => alphas[kinds.findIndex((isOfKind) => isOfKind(step))] });
    return alphas;
  };
  const any = () => true;
  const isFirst = ({ previous }: Transition) => previous < 0;
  const [alphaFirst, alpha] = back(givenPrevious, [isFirst, any]);
  const [alphaEducation] = withEducation ? back(givenEducation, [any]) : [];
  const [alphaSecond] = order === 2 ? back(withEducation ? givenTwoAndEducation : givenTwo, [any]) : [];

  const rowOf = (step: Transition, chain: readonly Level[]) =>
    chain.reduce((base, level) => {
      const key = level.context(step);
      return key === undefined ? base : level.counts.row(key, base, level.alpha(step));
    }, empirical); // (J)
  const after = (previous: number) =>
    rowOf({ previous, before: -1, title: 0, education: "", weight: 1 }, levels.slice(0, 1)); // (J)
  const last = levels.at(-1)!;
  return {
    name:
      options.name ??
      `${order === 2 ? "Second-order Markov" : "Markov"}${withEducation ? " given education" : ""}`,
    alpha,
    alphaFirst,
    alphaEducation,
    alphaSecond,
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
        const key = last.context(step) ?? levels.at(-2)!.context(step)!;
        let logRow = logRows.get(key); // (J)
        if (logRow === undefined) {
          logRow = Float32Array.from(rowOf(step, levels), Math.log);
          logRows.set(key, logRow);
        }
        distribution.logProbability.set(logRow, n * titles.size);
      });
      onProgress?.(steps.length, steps.length);
      return distribution;
    },
  };
}

/** The probability of the step's title by one table, given that of the row it backs off to. */
function shareAt({ context, counts }: Level, step: Transition, base: number, alpha: number): number {
  const key = context(step);
  return key === undefined ? base : counts.probability(key, step.title, base, alpha);
}

/** All person-years of the careers, in the order of a `TitleDistribution`'s rows. */
function transitions(
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
