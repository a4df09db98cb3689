import { occupations, readDescribedOccupations } from "../../occupations";
import { type Neighbours, type WeightedText, wordNeighbours } from "./words";

const NEIGHBOURS = 12;
const LEAST_SIMILARITY = 0.06;

/** Schooling that the two occupations want which the base model's description leaves out (scale of `Occupation`). */
const schoolingElsewhere: Record<number, number> = { 873: 1, 905: 2 };

/** What the law knows of each of the 332 occupations from its words. */
export interface OccupationWords {
  neighbours: Neighbours;
  /** Usual schooling, 1 (none needed) to 6 (graduate school). */
  schooling: readonly number[];
}

/** Neighbours by the words of title, tasks, tools and place of work; schooling; in the order of `occupations`. */
export function occupationWords(): OccupationWords {
  const described = new Map(readDescribedOccupations().map((row) => [row.code, row]));
  const texts = occupations.map(({ code, title }): WeightedText[] => {
    const row = described.get(code);
    const own = { text: title, weight: 2 };
    if (row === undefined) return [own];
    return [
      own,
      { text: row.people.join(" "), weight: 1 },
      { text: row.tasks.join(" "), weight: 1 },
      { text: row.tools, weight: 1 },
      { text: row.place, weight: 0.5 },
    ];
  });
  return {
    neighbours: wordNeighbours(texts, NEIGHBOURS, LEAST_SIMILARITY),
    schooling: occupations.map(({ code }) => described.get(code)?.schooling ?? schoolingElsewhere[code]),
  };
}
