import { type Measured, pValueOf, standingOf } from "../metrics/standing";
import { orderInWords, UNKNOWN } from "./claims";

/** A number of ours that bears on a claim of the papers, or on the known truth. */
export interface MeasureClaim {
  claim: string;
  /** What is published of the same thing, with its mark. */
  published?: string;
  /** What is published of something else: it stands beside ours, and nothing replicates it. */
  beside?: string;
  /** The same number by the law itself, where it is known. */
  oracle?: number;
  ours: number;
  error: number;
  /** Ends of the 95 % interval, where they are known. */
  low?: number;
  high?: number;
  /** Persons that ours is a mean over, where they may be few. */
  persons?: number;
  /** What would make the claim true: ours above this; or not above, "at most". Default above 0. */
  above?: number;
  atMost?: number;
  /** p-value of the claim, where the normal approximation by the error is not good enough. */
  p?: number;
}

export type MeasureClaimRow = {
  claim: string;
  published: string;
  ours: number;
  "standard error": number;
  oracle?: number;
  /** Of the null that ours is the bound, two-sided; absent of what is no test. */
  p?: number;
  verdict: string;
};

/**
 * Holds a claim against our number and its error (`standingOf`): "above" holds if ours is above the bound beyond its error
 * and is reversed if it is below; "at most" is contradicted if it is above, and is never shown by that alone.
 */
export function judgeMeasure(claim: MeasureClaim): MeasureClaimRow {
  const { ours, error, above = 0, atMost, low, high, persons } = claim;
  const interval = low === undefined || high === undefined ? undefined : ([low, high] as const);
  const measured = { value: ours, standardError: error, interval, persons };
  return {
    claim: claim.claim,
    published: claim.published ?? claim.beside ?? "not at hand",
    ours,
    "standard error": error,
    oracle: claim.oracle,
    p: claim.p ?? pValueOf(measured, atMost ?? above),
    verdict:
      atMost === undefined
        ? orderInWords(measured, above, claim.published !== undefined)
        : atMostInWords(measured, atMost, claim.p),
  };
}

function atMostInWords(ours: Measured, bound: number, p?: number): string {
  const standing = standingOf(ours, bound);
  if (standing === "not known") return UNKNOWN;
  const beyond = p === undefined ? standing === "above" : ours.value > bound && p <= 0.05;
  const told = p === undefined ? "" : ` (adjusted p ${p < 0.001 ? "below 0.001" : p.toFixed(3)})`;
  return `${beyond ? "does not hold, beyond its error" : "not contradicted beyond its error"}${told}`;
}
