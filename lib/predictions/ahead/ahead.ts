import type { Career } from "../../careers";
import type { TitleSet } from "../../occupations";
import { selectRows } from "../select-rows";
import type { TitleDistribution } from "../title-distribution";

/** A prediction over some years: the title of a later observation, from the first observations of a career. */
export interface Ahead {
  /** Index into the careers. */
  person: number;
  /** Observations that are known: the first so many, at least 1. */
  known: number;
  /** Index of the observation whose title is asked for, `known` or later. */
  target: number;
}

/** Answers to `Ahead`s: a row for each, the year that of the target, the previous title the last that is known. */
export interface Forecast {
  /** Normalised over the titles. */
  distribution: TitleDistribution;
  /** (N, J): Monte Carlo standard error of each probability; absent where nothing was sampled. */
  monteCarloError?: Float32Array;
  /** Person-years that the model was asked for. */
  asked: number;
}

/** Every pair of observations of a career that are so many years apart. */
export function aheadBy(careers: readonly Career[], years: number): Ahead[] {
  return careers.flatMap(({ observations }, person) =>
    observations.flatMap(({ year }, i) => {
      const target = observations.findIndex((other) => other.year === year + years);
      return target < 0 ? [] : [{ person, known: i + 1, target }];
    }),
  );
}

/** All observations after a year, each from what is known up to the year; persons not seen by then are left out. */
export function aheadFrom(careers: readonly Career[], year: number, to = Infinity): Ahead[] {
  return careers.flatMap(({ observations }, person) => {
    const known = observations.filter((one) => one.year <= year).length;
    if (known === 0) return [];
    return observations.flatMap((one, target) =>
      target >= known && one.year <= to ? [{ person, known, target }] : [],
    );
  });
}

/** Years from the last observation that is known to the one asked for. */
export function yearsAhead(careers: readonly Career[], { person, known, target }: Ahead): number {
  const { observations } = careers[person];
  return observations[target].year - observations[known - 1].year;
}

/** The rows of an answer, before any probability is filled in. */
export function aheadRows(
  titles: TitleSet,
  careers: readonly Career[],
  aheads: readonly Ahead[],
): TitleDistribution {
  const at = (of: (ahead: Ahead) => number) => Int32Array.from(aheads, of); // (N)
  const titleOf = (person: number, i: number) => titles.indexOf(careers[person].observations[i].title);
  return {
    titles,
    logProbability: new Float32Array(aheads.length * titles.size), // (N, J)
    validMass: new Float32Array(aheads.length).fill(1), // (N)
    observed: at(({ person, target }) => titleOf(person, target)),
    person: at(({ person }) => person),
    year: at(({ person, target }) => careers[person].observations[target].year),
    previous: at(({ person, known }) => titleOf(person, known - 1)),
  };
}

/** The rows of a forecast that are asked for, in their order. */
export function selectForecast(
  { distribution, monteCarloError, asked }: Forecast,
  wanted: (row: number) => boolean,
): Forecast {
  const J = distribution.titles.size;
  const errors = monteCarloError?.filter((_, at) => wanted(Math.floor(at / J))); // (N', J)
  return {
    distribution: selectRows(distribution, wanted),
    ...(errors && { monteCarloError: errors }),
    asked,
  };
}

/** The rows of one forecast after those of another, over the same titles and careers. */
export function joinForecasts(forecasts: readonly Forecast[]): Forecast {
  const distributions = forecasts.map(({ distribution }) => distribution);
  const errors = forecasts.flatMap(({ monteCarloError }) => monteCarloError ?? []);
  const reals = (arrays: readonly Float32Array[]) => Float32Array.from(arrays.flatMap((x) => Array.from(x)));
  const integers = (arrays: readonly Int32Array[]) => Int32Array.from(arrays.flatMap((x) => Array.from(x)));
  return {
    distribution: {
      titles: distributions[0].titles,
      logProbability: reals(distributions.map(({ logProbability }) => logProbability)),
      validMass: reals(distributions.map(({ validMass }) => validMass)),
      observed: integers(distributions.map(({ observed }) => observed)),
      person: integers(distributions.map(({ person }) => person)),
      year: integers(distributions.map(({ year }) => year)),
      previous: integers(distributions.map(({ previous }) => previous)),
    },
    ...(errors.length === forecasts.length && { monteCarloError: reals(errors) }),
    asked: forecasts.reduce((sum, { asked }) => sum + asked, 0),
  };
}
