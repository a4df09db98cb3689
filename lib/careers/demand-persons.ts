import { UserError } from "../errors";
import type { PanelSplit } from "./split";

/** A part of a split. */
export type SplitPart = keyof PanelSplit;

const parts: readonly SplitPart[] = ["train", "validation", "test"];
const called: Record<SplitPart, string> = { train: "training", validation: "validation", test: "test" };

/**
 * Refuses a split of which a part that is needed has nobody: fits and tables of nobody would look like results.
 * @param split the parts that are known
 * @param needed default all that are known
 * @throws UserError that names the first such part, how many persons each has, and what to do
 */
export function demandPersons(split: Partial<PanelSplit>, needed: readonly SplitPart[] = parts): void {
  const known = parts.flatMap((part) => {
    const panel = split[part];
    return panel === undefined ? [] : [{ part, name: panel.name, persons: panel.careers.length }];
  });
  const empty = known.find(({ part, persons }) => persons === 0 && needed.includes(part));
  if (empty === undefined) return;
  const counts = known.map(({ part, persons }) => `${persons} ${called[part]}`).join(", ");
  throw new UserError(
    `${empty.name}: nobody is among the ${called[empty.part]} persons (its persons are split into ${counts})`,
    "Give a survey of more persons, or another seed, which draws other persons into each part.",
  );
}
