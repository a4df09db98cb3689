import { UserError } from "../errors";
import type { TitleSet } from "../occupations";
import { clip, quote } from "../quote";
import type { Career } from "./career";
import type { CareerPanel } from "./panel";

/** Careers of another survey that a model is trained on beside its own. */
export interface PooledCareers {
  /** Its titles are of the own survey's set; it keeps the name by which texts call it. */
  panel: CareerPanel;
  /** (persons): how much a person-year of each counts, where one of the own survey counts 1. */
  weights: readonly number[];
}

/** Careers to train on. */
export interface WeightedCareers {
  titles: TitleSet;
  careers: readonly Career[];
  /** (persons): how much a person-year of each counts; absent where all count the same. */
  weights?: readonly number[];
}

/** The own careers, each of weight 1, then the pooled ones. */
export function pooled(own: CareerPanel, pool: readonly PooledCareers[] = []): WeightedCareers {
  if (pool.length === 0) return own;
  return {
    titles: own.titles,
    careers: [...own.careers, ...pool.flatMap(({ panel }) => panel.careers)],
    weights: [...own.careers.map(() => 1), ...pool.flatMap(({ weights }) => weights)],
  };
}

/**
 * The factor that makes the mean term of a loss count 1, so that gradients are as large as without weights.
 * @param counts (persons): terms of each
 * @throws UserError for a weight that is no positive number
 */
export function unitMean(weights: ArrayLike<number>, counts: readonly number[]): number {
  const wrong = counts.findIndex((_, i) => !(weights[i] > 0 && weights[i] < Infinity));
  if (wrong >= 0) {
    throw new UserError(
      `the weight of career ${wrong + 1} is ${weights[wrong]}`,
      "Give a number above 0; leave out what shall not count.",
    );
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total / counts.reduce((sum, count, i) => sum + weights[i] * count, 0);
}

/** @throws UserError if a career holds a title that the own survey lacks: no model of its titles could learn it */
export function checkPooled(own: TitleSet, { panel }: PooledCareers): void {
  for (const { person, observations } of panel.careers) {
    const wrong = observations.find(({ title }) => !own.has(title));
    if (wrong === undefined) continue;
    throw new UserError(
      `${panel.name}, person ${clip(person)}, ${wrong.year}: ${quote(wrong.title)} is none of the survey's ${own.size} titles`,
      "Pool surveys that are coded in the same titles.",
    );
  }
}
