import { UserError } from "../errors";
import { mergedState, specialStates, type TitleSet } from "../occupations";
import type { TitleDistribution } from "../predictions";
import { logMass, weightsOf } from "./perplexity";

/** Something that happens in a person-year or not, as a set of titles. */
export interface TitleEvent {
  name: string;
  /** The titles that are the event; "another": any but the title of the person's observation before. */
  titles: readonly string[] | "another";
}

/** Another title than at the observation before; a first observation is no case of it. */
export const moveEvent: TitleEvent = { name: "move", titles: "another" };

/** The events of the papers that a survey's titles tell: move, and each state without a job that is a title of it. */
export function titleEvents(titles: TitleSet): TitleEvent[] {
  const states = [specialStates.unemployed, specialStates.notInLaborForce, mergedState];
  const told = states.filter((state) => titles.has(state));
  return [moveEvent, ...told.map((state) => ({ name: state.toLowerCase(), titles: [state] }))];
}

/** The event that stands for being without work: unemployed, or not employed where the survey merges the states. */
export function joblessEvent(titles: TitleSet): TitleEvent | undefined {
  return titleEvents(titles).find(({ name }) => name === "unemployed" || name === "not employed");
}

/** Probabilities of an event and whether it happened, for the N person-years where it could. */
export interface EventForecast {
  event: string;
  /** (N), in [0, 1]. */
  probability: Float64Array;
  /** (N): 1 where it happened. */
  happened: Uint8Array;
  /** (N): index of the person. */
  person: Int32Array;
  /** (N): row of the distribution, ascending. */
  row: Int32Array;
  /** (N): what each person-year counts, at least 0. Absent: once. */
  weight?: Float64Array;
}

/** What row n counts. */
export function counts({ weight }: Pick<EventForecast, "weight">): (n: number) => number {
  return weight === undefined ? () => 1 : (n) => weight[n];
}

export interface ForecastOptions {
  /** Divide by the mass on valid titles. Default true. false leaves a move the mass on no title: 1 - P(title before). */
  normalised?: boolean;
  /** Person-years to look at, as rows of the distribution. Default all. */
  rows?: ArrayLike<number>;
  /** Weigh each person-year by its survey weight. Default false. */
  weighted?: boolean;
}

/**
 * What a distribution over titles says of an event: P(move) = 1 - P(title before), P(state) = P(its titles).
 * @throws UserError if a title of the event is none of the distribution's, or weights are asked for and a person-year
 * has none
 */
export function eventForecast(
  distribution: TitleDistribution,
  event: TitleEvent,
  { normalised = true, rows, weighted = false }: ForecastOptions = {},
): EventForecast {
  const { titles, logProbability, observed, previous, person } = distribution;
  const moves = event.titles === "another";
  const columns = event.titles === "another" ? [] : event.titles.map((title) => titles.indexOf(title));
  const all = rows === undefined ? observed.keys() : Array.from(rows);
  const row = Int32Array.from(all).filter((n) => !moves || previous[n] >= 0);
  const weight = weighted ? weightsOf(distribution) : undefined;
  const massOf = (n: number, column: number) => {
    const logP = logProbability[n * titles.size + column];
    return Math.exp(normalised ? logP - logMass(distribution, n) : logP);
  };
  return {
    event: event.name,
    probability: Float64Array.from(row, (n) => {
      const p = moves ? 1 - massOf(n, previous[n]) : columns.reduce((sum, j) => sum + massOf(n, j), 0);
      if (Number.isNaN(p)) throw new Error(`row ${n}: the probability of "${event.name}" is not a number`);
      return Math.min(1, Math.max(0, p)); // single precision may round a sum past its bounds
    }),
    happened: Uint8Array.from(row, (n) =>
      Number(moves ? observed[n] !== previous[n] : columns.includes(observed[n])),
    ),
    person: Int32Array.from(row, (n) => person[n]),
    row,
    ...(weight && { weight: Float64Array.from(row, (n) => weight[n]) }),
  };
}

/**
 * Forecasts are compared on the same person-years or not at all.
 * @throws UserError that names the two that differ
 */
export function checkSameCases(forecasts: Readonly<Record<string, EventForecast>>): void {
  const [[firstName, first], ...others] = Object.entries(forecasts);
  for (const [name, other] of others) {
    const same =
      first.row.length === other.row.length &&
      first.row.every((row, n) => row === other.row[n] && first.person[n] === other.person[n]) &&
      first.happened.every((y, n) => y === other.happened[n]);
    if (!same) {
      throw new UserError(
        `"${firstName}" and "${name}" are not forecasts of the same person-years`,
        "Predict the same careers, in the same order, with every model.",
      );
    }
  }
}
