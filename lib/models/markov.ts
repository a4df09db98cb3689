import type { Career, Observation } from "../careers/career";
import { UserError } from "../errors";
import type { TitleSet } from "../occupations/title-set";
import { ContextCounts, chooseConcentration } from "./back-off";
import { fitEmpirical, type TrainingCareers } from "./empirical";
import type { OccupationModel } from "./occupation-model";
import { emptyDistribution } from "./title-distribution";

export interface MarkovOptions {
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
  /** Default "Markov", or "Markov given education". */
  name?: string;
}

export interface MarkovModel extends OccupationModel {
  /** Pseudo-counts of the empirical distribution in each row of the transition table. */
  readonly alpha: number;
  /** Pseudo-counts of the empirical distribution among first observations. */
  readonly alphaFirst: number;
  /** Pseudo-counts of the row without education in the row with it; absent if education is not given. */
  readonly alphaEducation?: number;
  /** (J): the distribution of a person's first title, whatever the education. */
  first(): Float64Array;
  /** (J, J) row-major: row the previous title, column the title; whatever the education. */
  transition(): Float64Array;
}

/** One person-year as the transition table sees it; `previous` is -1 for the first. */
interface Transition {
  previous: number;
  title: number;
  education: string;
}

const DEFAULT_ALPHA = 10;

/**
 * First-order Markov transitions between observed years, with back-off:
 * P(y | previous) = (count(previous, y) + alpha P0(y)) / (count(previous) + alpha), P0 the empirical
 * distribution. First observations have a row of their own. Given education, the row of (previous, education)
 * backs off in the same way to the row of the previous title, and that to P0; a missing education is a level of
 * its own. Years between two observations are not counted: a gap is one transition, as in the text.
 * @throws UserError if there is nothing to count, a title is not of the set, or an option is out of range
 */
export function fitMarkov(train: TrainingCareers, options: MarkovOptions = {}): MarkovModel {
  const { titles } = train;
  const withEducation = options.given?.includes("education") ?? false;
  if (options.alpha !== undefined && !(options.alpha >= 0)) {
    throw new UserError(`alpha is ${options.alpha}`, "Give a number of pseudo-counts, 0 or more.");
  }
  const empirical = fitEmpirical(train, { smoothing: options.smoothing }).probability; // (J)
  const byPrevious = new ContextCounts<number>(titles.size);
  const byEducation = new ContextCounts<string>(titles.size);
  for (const step of transitions(train.careers, titles)) {
    byPrevious.add(step.previous, step.title);
    if (withEducation) byEducation.add(contextKey(step.previous, step.education), step.title);
  }

  const validation = transitions(options.validation ?? [], titles);
  const choose = (
    steps: readonly Transition[],
    probability: (step: Transition, alpha: number) => number,
  ): number => {
    if (options.alpha !== undefined) return options.alpha;
    // Where the empirical distribution says never, no concentration can help.
    const possible = steps.filter(({ title }) => empirical[title] > 0);
    if (possible.length === 0) return DEFAULT_ALPHA;
    return chooseConcentration((alpha) =>
      possible.reduce((sum, step) => sum + Math.log(probability(step, alpha)), 0),
    );
  };
  const givenPrevious = ({ previous, title }: Transition, alpha: number) =>
    byPrevious.probability(previous, title, empirical[title], alpha);
  const firsts = validation.filter(({ previous }) => previous < 0);
  const laters = validation.filter(({ previous }) => previous >= 0);
  const alphaFirst = choose(firsts, givenPrevious);
  const alpha = choose(laters, givenPrevious);
  const concentration = (previous: number) => (previous < 0 ? alphaFirst : alpha);
  const alphaEducation = withEducation
    ? choose(validation, (step, candidate) =>
        byEducation.probability(
          contextKey(step.previous, step.education),
          step.title,
          givenPrevious(step, concentration(step.previous)),
          candidate,
        ),
      )
    : undefined;

  const rowOf = (previous: number) => byPrevious.row(previous, empirical, concentration(previous)); // (J)
  return {
    name: options.name ?? (withEducation ? "Markov given education" : "Markov"),
    alpha,
    alphaFirst,
    alphaEducation,
    first: () => rowOf(-1),
    transition() {
      const matrix = new Float64Array(titles.size ** 2); // (J, J)
      for (let j = 0; j < titles.size; j++) matrix.set(rowOf(j), j * titles.size);
      return matrix;
    },
    async predict(careers, { onProgress } = {}) {
      const distribution = emptyDistribution(careers, titles);
      const logRows = new Map<string, Float32Array>();
      const steps = transitions(careers, titles);
      steps.forEach(({ previous, education }, n) => {
        const key = withEducation ? contextKey(previous, education) : String(previous);
        let logRow = logRows.get(key); // (J)
        if (logRow === undefined) {
          let row = rowOf(previous); // (J)
          if (alphaEducation !== undefined) row = byEducation.row(key, row, alphaEducation);
          logRow = Float32Array.from(row, Math.log);
          logRows.set(key, logRow);
        }
        distribution.logProbability.set(logRow, n * titles.size);
      });
      onProgress?.(steps.length, steps.length);
      return distribution;
    },
  };
}

const contextKey = (previous: number, education: string) => `${previous} ${education}`;

/** All person-years of the careers, in the order of a `TitleDistribution`'s rows. */
function transitions(careers: readonly Career[], titles: TitleSet): Transition[] {
  return careers.flatMap(({ observations }) =>
    observations.map(({ title, education }: Observation, i) => ({
      previous: i === 0 ? -1 : titles.indexOf(observations[i - 1].title),
      title: titles.indexOf(title),
      education: education ?? "",
    })),
  );
}
