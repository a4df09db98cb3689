import { UserError } from "../../../errors";

/** How the titles of a person-year are scored. */
export interface ScoringOptions {
  /**
   * "exact": every title, as by one full forward pass per title. "bounded": unlikely branches of the titles' trie
   * stay unopened, and what that can cost is told; the title that happened is always exact. Default "exact".
   */
  mode?: "exact" | "bounded";
  /**
   * Bounded: the probability of each person-year that may stay unopened; the branches that cost most for their
   * probability are left. Default 1e-4.
   */
  neglect?: number;
  /** Bounded: in place of `neglect`, a branch opens where its prefix has at least this probability. */
  epsilon?: number;
}

/** What an evaluation took, in model positions. */
export interface ScoringCost {
  /** Tokens of the careers and of the trie that were read. */
  positions: number;
  /** Positions of unfilled rows, read beside them. */
  padding: number;
  /** One plain forward pass over the same texts. */
  plainPositions: number;
  /** One forward pass for each title of each person-year, over all that comes before it. */
  naivePositions: number;
}

/** @throws UserError for a value that is no probability, or one given without its mode */
export function checkScoringOptions({ mode = "exact", neglect, epsilon }: ScoringOptions): void {
  if (mode !== "exact" && mode !== "bounded") {
    throw new UserError(`scoring mode ${JSON.stringify(mode)} is unknown`, 'Take "exact" or "bounded".');
  }
  for (const [name, value] of Object.entries({ neglect, epsilon })) {
    if (value === undefined) continue;
    if (mode === "exact") {
      throw new UserError(`${name} is given, but exact scoring leaves nothing`, 'Set mode to "bounded".');
    }
    if (!(value > 0 && value < 1)) {
      throw new UserError(`${name} is ${value}`, "Give a probability between 0 and 1, such as 1e-4.");
    }
  }
  if (neglect !== undefined && epsilon !== undefined) {
    throw new UserError(
      "neglect and epsilon are both given",
      "Give one of them: each sets what stays unopened.",
    );
  }
}
