import type { Career } from "./career";
import type { CareerPanel } from "./panel";

/** Careers from the shortest to the longest; of equal length, in the panel's order. */
function byLength({ careers }: CareerPanel): Career[] {
  return [...careers].sort((a, b) => a.observations.length - b.observations.length);
}

/** The career with the most observations, the panel's first of them; undefined for an empty panel. */
export function longestCareer(panel: CareerPanel): Career | undefined {
  const longest = byLength(panel).at(-1)?.observations.length;
  return panel.careers.find(({ observations }) => observations.length === longest);
}

/** A career of the median length (the lower of two), the panel's first of them; undefined for an empty panel. */
export function medianCareer(panel: CareerPanel): Career | undefined {
  const sorted = byLength(panel);
  const median = sorted[Math.floor((sorted.length - 1) / 2)]?.observations.length;
  return panel.careers.find(({ observations }) => observations.length === median);
}
