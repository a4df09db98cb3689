import { MARK_WORDING, type Mark, type PublishedNumber, quote } from "./published";

/** What a claim expects of a number of ours. */
export type Expectation =
  /** That it is above the bound: to be below it, beyond the error, is the reverse. */
  | { is: "above"; bound: number }
  /** That it is not above the bound: more contradicts it, and nothing shows it but a number without an error. */
  | { is: "at most"; bound: number }
  /** That it is this number: a difference beyond the error contradicts it, and nothing shows it. */
  | { is: "equal"; to: number }
  /** That it is this number within a margin, in its own unit: to be shown (`isEquivalent`). */
  | { is: "within"; margin: number; of: number }
  /** Not which side of the number it is on: either is an answer. */
  | { is: "either side"; of: number };

/** A claim on one number, as data. */
export interface Claim {
  says: string;
  expects: Expectation;
  /** What somebody published of the same thing; where there is none, nothing is replicated or contradicted. */
  published?: Publication;
  /** What is published of something else, to stand beside ours. */
  beside?: Publication;
  /** What it is to be above or below, in the words of the subject. */
  sides?: { above?: string; below?: string };
}

/** Something published, as tables quote it. */
export interface Publication {
  text: string;
  /** The numbers that it quotes (`PublishedNumber.id`). */
  numbers: readonly string[];
}

/** A published number as a claim's. */
export function publishedNumber(number: PublishedNumber): Publication {
  return { text: quote(number), numbers: [number.id] };
}

/** Two published numbers, of which the first is the higher. */
export function publishedOrder(higher: PublishedNumber, lower: PublishedNumber): Publication {
  return { text: `${higher.number} to ${quote(lower)}`, numbers: [higher.id, lower.id] };
}

/** A published finding without a number. */
export function publishedFinding(finding: string, mark: Mark): Publication {
  return { text: `${finding}, ${MARK_WORDING[mark]}`, numbers: [] };
}
