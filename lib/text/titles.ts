import { textProblem } from "../careers";
import { UserError } from "../errors";
import type { TitleSet } from "../occupations";
import { quote } from "../quote";
import { Random } from "../random";

/** How the text words the titles of a set: each title has one wording, no two the same. */
export class TitleWording {
  private readonly words: ReadonlyMap<string, string>;
  private readonly titles: ReadonlyMap<string, string>;

  /**
   * @param wordings one a title, in the set's order
   * @throws UserError if two are equal or one cannot stand in the text: it could not be read back
   */
  constructor(titleSet: TitleSet, wordings: readonly string[]) {
    this.words = new Map(titleSet.titles.map((title, j) => [title, wordings[j]]));
    this.titles = new Map(titleSet.titles.map((title, j) => [wordings[j], title]));
    if (wordings.length !== titleSet.size || this.titles.size !== titleSet.size) {
      throw new UserError(
        `${titleSet.size} titles need as many distinct wordings, not ${new Set(wordings).size}`,
        "Give each title its own.",
      );
    }
    for (const wording of wordings) {
      const found = textProblem("title", wording);
      if (found !== undefined) throw new UserError(`wording of a title: ${found.problem}`, found.remedy);
    }
  }

  /** @throws UserError if the title is not of the set */
  of(title: string): string {
    return found(title, this.words.get(title), "none of the titles");
  }

  /** The title that a wording stands for. @throws UserError if it stands for none */
  read(wording: string): string {
    return found(wording, this.titles.get(wording), "the wording of no title");
  }
}

function found(key: string, value: string | undefined, otherwise: string): string {
  if (value !== undefined) return value;
  throw new UserError(`${quote(key)} is ${otherwise}`, "Check that text and title set belong together.");
}

/**
 * The control of LABOR-LLM: a code in each title's place, `job_0` … `job_334`.
 * @param deal seed by which the codes are dealt out at random. Default: they go in the set's order, and where that is
 *   a code book's, which lists like by like, their digits still tell something
 */
export function numericTitles(titleSet: TitleSet, deal?: number): TitleWording {
  const numbers = deal === undefined ? undefined : new Random("dealt codes", deal).permutation(titleSet.size);
  return new TitleWording(
    titleSet,
    titleSet.titles.map((_, j) => `job_${numbers?.[j] ?? j}`),
  );
}

/**
 * The control that keeps the words but takes their meaning: each title is worded as another one, no title as itself.
 * The deal is a random cycle, a pure function of the seed.
 */
export function shuffledTitles(titleSet: TitleSet, seed: number): TitleWording {
  const { titles } = titleSet;
  const order = new Random("shuffled titles", seed).permutation(titles.length);
  const wordings = [...titles];
  order.forEach((j, i) => {
    wordings[j] = titles[order[(i + 1) % order.length]];
  });
  return new TitleWording(titleSet, wordings);
}

/**
 * What is scored for a title: the space after the colon, the title as worded, and the line's end. Without the
 * end, a title that another one starts with would get that one's probability too.
 */
export function titleText(title: string, wording?: TitleWording): string {
  return ` ${wording === undefined ? title : wording.of(title)}\n`;
}
