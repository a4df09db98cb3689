import { UserError } from "../errors";
import { Random } from "../random";
import type { CareerPanel } from "./panel";

/** The shares of persons of the three parts; they sum to one. */
export interface SplitShares {
  train: number;
  validation: number;
  test: number;
}

/** How to split a panel. */
export interface SplitOptions {
  seed: number;
  /** Shares of persons; 70/10/20, as in LABOR-LLM by default. */
  shares?: SplitShares;
}

/** The three parts of a panel: disjoint in persons, together the whole. */
export interface PanelSplit {
  train: CareerPanel;
  validation: CareerPanel;
  test: CareerPanel;
}

/**
 * Splits a panel by person. Where a person goes depends on the seed and the person's identifier alone, so
 * nobody moves when persons are added, removed or re-ordered; the parts' sizes meet the shares in
 * expectation, not exactly.
 * @throws UserError if the shares are negative or do not sum to one
 */
export function splitByPerson(panel: CareerPanel, options: SplitOptions): PanelSplit {
  const { train, validation, test } = options.shares ?? { train: 0.7, validation: 0.1, test: 0.2 };
  if (!(Math.min(train, validation, test) >= 0 && Math.abs(train + validation + test - 1) < 1e-9)) {
    throw new UserError(
      `the shares of a split, ${train}, ${validation} and ${test}, are not three shares of one`,
      "Give three numbers of at least 0 that sum to 1.",
    );
  }
  const split = emptySplit(panel);
  for (const career of panel.careers) {
    const u = new Random("split", options.seed, career.person).uniform();
    const name = u < train ? "train" : u < train + validation ? "validation" : "test";
    split[name].careers.push(career);
  }
  return split;
}

/** The three parts before anyone is in them; what became of the files' rows is told of the whole alone. */
export function emptySplit(panel: CareerPanel): PanelSplit {
  const part = (): CareerPanel => ({ ...panel, careers: [], rows: undefined, losses: undefined });
  return { train: part(), validation: part(), test: part() };
}
