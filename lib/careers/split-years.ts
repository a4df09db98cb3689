import { UserError } from "../errors";
import type { Career, Observation } from "./career";
import type { CareerPanel } from "./panel";
import type { PanelSplit } from "./split";

/** From and to which year, both included; open where nothing is said. */
export interface Years {
  from?: number;
  to?: number;
}

/** Which years are learnt from, and which are asked for. */
export interface YearSplit {
  /** Of training and validation persons only these years are seen. */
  train?: Years;
  /** Only these years of test persons are scored; what they did before is known. */
  test?: Years;
}

/** Whether a year is one of them. */
export function within(year: number, { from = -Infinity, to = Infinity }: Years = {}): boolean {
  return from <= year && year <= to;
}

/**
 * Cuts a split by years: training and validation careers to the years trained on, test careers at the last year that
 * is scored. Persons with nothing left, or with nothing to score, are left out.
 * @throws UserError if nobody is left in a part
 */
export function splitYears(split: PanelSplit, { train, test }: YearSplit): PanelSplit {
  const cut = (panel: CareerPanel, keep: Years, asked: Years = {}): CareerPanel => {
    const careers = panel.careers
      .map((career) => withObservations(career, ({ year }) => within(year, keep)))
      .filter(({ observations }) => observations.some(({ year }) => within(year, asked)));
    if (careers.length > 0 || panel.careers.length === 0) return { ...panel, careers };
    const years = panel.careers.flatMap(({ observations }) => observations.map(({ year }) => year));
    const [first, last] = years.reduce(
      ([a, b], y) => [Math.min(a, y), Math.max(b, y)],
      [Infinity, -Infinity],
    );
    throw new UserError(
      `${panel.name}: nobody is observed ${inWords({ ...keep, ...asked })}; its years are ${first} to ${last}`,
      "Choose years that the survey reaches.",
    );
  };
  return {
    train: cut(split.train, train ?? {}),
    validation: cut(split.validation, train ?? {}),
    test: cut(split.test, { to: test?.to }, test),
  };
}

/** A career with some of its observations. */
export function withObservations(career: Career, keep: (observation: Observation) => boolean): Career {
  return { ...career, observations: career.observations.filter(keep) };
}

function inWords({ from, to }: Years): string {
  if (from === undefined) return `up to ${to}`;
  return to === undefined ? `from ${from} on` : `from ${from} to ${to}`;
}

/**
 * A panel in which observations are so many years apart: each career becomes one career for each remainder of the
 * year, so that every pair of observations that far apart is a step of one of them. What is learnt from it is a
 * direct prediction that many years ahead. Careers that share no pair are kept for their first observations.
 * @param years 2 or more; 1 leaves all as it is
 * @throws UserError if it is no whole number of at least 1
 */
export function thinToSteps(panel: CareerPanel, years: number): CareerPanel {
  if (!(Number.isInteger(years) && years >= 1)) {
    throw new UserError(`steps of ${years} years`, "Give a whole number of years, 1 or more.");
  }
  if (years === 1) return panel;
  const careers = panel.careers.flatMap((career) =>
    Array.from({ length: years }, (_, r) => ({
      ...withObservations(career, ({ year }) => year % years === r),
      person: `${career.person} (${r + 1} of ${years})`,
    })).filter(({ observations }) => observations.length > 0),
  );
  return { ...panel, careers, rows: undefined, losses: undefined };
}
