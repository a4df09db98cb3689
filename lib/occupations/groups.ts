import { occupations } from "./occupations";

/** How fine: Dorn's 26 major groups, or his seven broad ones (the military is its own in both). */
export type GroupLevel = "major" | "broad";

/** From a title to its group; a special state, or a title that is none of the 332, is its own group. */
export function groupOfTitle(level: GroupLevel): (title: string) => string {
  const groups = new Map(
    occupations.map(({ title, majorGroup, broadGroup }) => [
      title,
      level === "major" ? majorGroup : broadGroup,
    ]),
  );
  return (title) => groups.get(title) ?? title;
}
