/**
 * The known law that a synthetic survey is drawn from, as data: what the panel is, whatever its name. `surveys/synthetic`
 * makes the law itself of it, and its oracle.
 */
export interface KnownLaw {
  /** Whom the survey asks, and when: a design of `surveys/synthetic`. */
  kind: "psid-like" | "nlsy79-like" | "nlsy97-like" | "resumes";
  /**
   * "near": what is near in words is near in work, as documented. "none", the control: the titles are dealt out among
   * the occupations at random, so that words carry nothing while every probability stays what it was. "spelling":
   * dealt out too, and near in work is what bears titles that are spelt alike (`spellingNeighbours`), of which no text
   * of pre-training tells. Default "near".
   */
  words?: "near" | "none" | "spelling";
  /** How many times as much nearness in words counts in moves. Default 1. */
  wordsTimes?: number;
  /** Of the deal of words: "none" and "spelling". Default 1. */
  seed?: number;
  /** The world changes in this year; the change is `structuralChange` by default. */
  break?: { year: number } & Partial<LawChange>;
}

/** How the world changes. */
export interface LawChange {
  /** Log attraction that each group gains; groups left out keep theirs. */
  attraction: Record<string, number>;
  /** Logit of staying that each group gains; groups left out keep theirs. */
  stay: Record<string, number>;
}
