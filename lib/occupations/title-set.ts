import { UserError } from "../errors";
import { quote } from "../quote";

/** The closed set of titles of a panel, in a fixed order; `TitleDistribution` columns follow it. */
export class TitleSet {
  private readonly index: ReadonlyMap<string, number>;

  /** @throws UserError if two titles are equal: a sum over titles would count that probability twice */
  constructor(readonly titles: readonly string[]) {
    const index = new Map<string, number>();
    titles.forEach((title, j) => {
      if (index.has(title)) {
        throw new UserError(
          `the title ${quote(title)} stands twice in the title set`,
          "Give each code its own title.",
        );
      }
      index.set(title, j);
    });
    this.index = index;
  }

  get size(): number {
    return this.titles.length;
  }

  has(title: string): boolean {
    return this.index.has(title);
  }

  /** @throws UserError if the title is not of the set */
  indexOf(title: string): number {
    const j = this.index.get(title);
    if (j === undefined) {
      throw new UserError(
        `${quote(title)} is none of the ${this.size} titles`,
        "Check its spelling against the title list.",
      );
    }
    return j;
  }
}
