import type { MeasureId } from "../metrics";
import type { Claim } from "./claim";

/** What a claim came to. */
export type ClaimOutcome =
  /** It is as published, beyond the whole error. */
  | "replicates"
  /** It is the reverse of what was published, beyond the whole error. */
  | "contradicts the paper"
  | "supported"
  /** Beyond the error over test persons, with the fit held fixed: another fit of the same method might undo it. */
  | "supported for this fit"
  | "not supported"
  /** Neither shown nor contradicted: the number is no different from the bound beyond its error. */
  | "no difference"
  /** A claim that a difference would contradict and nothing can show. */
  | "not contradicted"
  /** A question that did not say which side it expects, and that has an answer. */
  | "answered"
  /** The error is not known: there are too few cases. */
  | "not known";

/** In the order in which they are counted. */
export const outcomes: readonly ClaimOutcome[] = [
  "replicates",
  "supported",
  "supported for this fit",
  "no difference",
  "not contradicted",
  "not supported",
  "contradicts the paper",
  "answered",
  "not known",
];

/** A claim, our number, and what the one says of the other. The only form in which a claim is told, kept and counted. */
export interface Finding {
  survey: string;
  claim: Claim;
  measure: MeasureId;
  /** Ours; the mean over the fits where there are several. */
  value: number;
  /** Over test persons, with the fit held fixed. */
  standardError: number;
  /** Over test persons, seeds and training samples together; absent where the fit is held fixed. */
  wholeError?: number;
  /** Of the whole error. */
  degrees?: number;
  /** What the whole error is over: "114 persons, 3 seeds, 3 training samples". */
  over?: string;
  /** Sources of error that are not in it, of the methods of which alone they are not. */
  without: readonly { source: string; of: string }[];
  /** The same number by the law, where it is known. */
  oracle?: number;
  /** The difference of perplexities that the difference in nats is, and its error over test persons. */
  perplexity?: { difference: number; standardError: number };
  /** p-value of what the claim is judged by: two-sided; of an equivalence that of its two tests. */
  p?: number;
  /** How many groups or events it is one of, where its p-value is adjusted for their number. */
  among?: { of: number; what: string };
  /** Where the number is to the bound. */
  side: "above" | "below" | "within" | "not known";
  outcome: ClaimOutcome;
}
