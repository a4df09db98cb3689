import { occupations } from "../../occupations";
import { occupationWords } from "./occupation-words";
import { type Neighbours, nearest, neighboursOf } from "./words";

const NEIGHBOURS = 12;
const LEAST_SIMILARITY = 0.06;
/** Letters that follow each other. */
const LETTERS = 3;
/** The résumés of pre-training move between codes this near more often than between others. */
const NEAR_CODES = 15;

let known: Neighbours | undefined;

/**
 * The titles nearest to each in spelling, in the order of `occupations`: cosine of their bags of three letters that
 * follow each other. Left out are pairs of which pre-training says anything: those near in the words of
 * `occupations.tsv` (`occupationWords`) and those whose codes are near. What is left is in the titles' letters and in
 * no text that the base model has read.
 */
export function spellingNeighbours(): Neighbours {
  known ??= fromLetters();
  return known;
}

function fromLetters(): Neighbours {
  const { from, to } = occupationWords().neighbours;
  const isNear = (o: number, y: number) => to.subarray(from[o], from[o + 1]).includes(y);
  return nearest(
    occupations.map(({ title }) => lettersOf(title)),
    {
      count: NEIGHBOURS,
      least: LEAST_SIMILARITY,
      mayBe: (o, y) =>
        !isNear(o, y) && !isNear(y, o) && Math.abs(occupations[o].code - occupations[y].code) > NEAR_CODES,
    },
  );
}

/** How often each three letters follow each other in a title; a space begins and ends each word. */
export function lettersOf(title: string): Map<string, number> {
  const letters = ` ${title
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .trim()} `;
  const bag = new Map<string, number>();
  for (let i = 0; i + LETTERS <= letters.length; i++) {
    const part = letters.slice(i, i + LETTERS);
    bag.set(part, (bag.get(part) ?? 0) + 1);
  }
  return bag;
}

/**
 * Neighbours of occupations that bear each other's titles: `o` and `y` are near where their titles are.
 * @param titleOf (J): whose title each occupation bears
 */
export function bornBy(titles: Neighbours, titleOf: Int32Array): Neighbours {
  const bearer = new Int32Array(titleOf.length);
  titleOf.forEach((title, o) => {
    bearer[title] = o;
  });
  const { from, to, similarity } = titles;
  return neighboursOf(
    Array.from(titleOf, (title) => {
      const row = Array.from({ length: from[title + 1] - from[title] }, (_, i) => ({
        y: bearer[to[from[title] + i]],
        similarity: similarity[from[title] + i],
      }));
      return row.sort((a, b) => a.y - b.y);
    }),
  );
}
