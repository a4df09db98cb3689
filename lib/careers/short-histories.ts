import { UserError } from "../errors";
import type { Career } from "./career";
import type { CareerPanel } from "./panel";

/**
 * A panel whose person-years are each learnt from at most so many observations before them. A career becomes its
 * first `history` + 1 observations, all of which are predicted, and a part for each later one: that observation, to be
 * predicted, after the last `history` before it, which are history alone (`given`). Each person-year is predicted
 * once, in the order of the careers, and no part reaches beyond the year that it predicts.
 * @param history 0 or more
 * @throws UserError if it is no whole number of at least 0
 */
export function shortHistories(panel: CareerPanel, history: number): CareerPanel {
  if (!(Number.isInteger(history) && history >= 0)) {
    throw new UserError(`a history of ${history} observations`, "Give a whole number, 0 or more.");
  }
  const careers = panel.careers.flatMap((career) => {
    const { person, observations } = career;
    const part = (from: number, to: number): Career => ({
      ...career,
      person: from === 0 ? person : `${person} (to ${observations[to - 1].year})`,
      observations: observations.slice(from, to),
      given: from === 0 ? 0 : history,
    });
    const first = part(0, Math.min(history + 1, observations.length));
    return [first, ...observations.slice(history + 1).map((_, i) => part(i + 1, i + history + 2))];
  });
  return { ...panel, careers, rows: undefined, losses: undefined };
}

/** How many person-years of careers are learnt from. */
export function countPredicted(careers: readonly Career[]): number {
  return careers.reduce((sum, { observations, given = 0 }) => sum + observations.length - given, 0);
}
