import { UserError } from "../errors";
import { Random } from "../random";
import type { CareerPanel } from "./panel";
import type { PanelSplit } from "./split";

/**
 * So many persons of a panel, all where it has fewer, in the panel's order. A person's rank depends on the seed and
 * the identifier alone: a smaller sample is part of a larger one, and nobody's rank changes when others are added.
 * @throws UserError if the number is not a whole number of at least 1, or the panel has nobody
 */
export function samplePersons(panel: CareerPanel, persons: number, seed: number): CareerPanel {
  if (!(Number.isInteger(persons) && persons >= 1)) {
    throw new UserError(
      `a sample of ${persons} persons cannot be drawn`,
      "Give a whole number of at least 1.",
    );
  }
  if (panel.careers.length === 0) {
    throw new UserError(
      `${panel.name}: there is nobody to draw a sample of persons from`,
      "Give a survey of more persons, or another seed, which draws other persons into each part.",
    );
  }
  if (persons >= panel.careers.length) return panel;
  const rank = panel.careers.map(({ person }, i) => ({
    i,
    u: new Random("sample", seed, person).uniform(),
    person,
  }));
  rank.sort((a, b) => a.u - b.u || (a.person < b.person ? -1 : 1));
  const chosen = rank
    .slice(0, persons)
    .map(({ i }) => i)
    .sort((a, b) => a - b);
  return { ...panel, careers: chosen.map((i) => panel.careers[i]), rows: undefined, losses: undefined };
}

/** Most persons of each part; a part that is not named is kept whole. */
export type PartLimits = Partial<Record<keyof PanelSplit, number>>;

/** A split with at most so many persons in each part. @throws UserError as `samplePersons`, of a part that is limited */
export function limitSplit(split: PanelSplit, limits: PartLimits, seed: number): PanelSplit {
  const part = (name: keyof PanelSplit) => {
    const most = limits[name];
    return most === undefined ? split[name] : samplePersons(split[name], most, seed);
  };
  return { train: part("train"), validation: part("validation"), test: part("test") };
}
