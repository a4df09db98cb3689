import { type Measured, pValueOf, standingOf } from "../metrics/standing";
import type { WholeMeasure } from "../metrics/whole-error";
import { orderInWords, UNKNOWN } from "./claims";
import { sourcesIn, withoutInWords } from "./fits-of-claims";

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
  /** Ours over several fits with its whole error, where there are several: then the verdict is by it. */
  whole?: WholeMeasure;
  /** p-value of the claim, where the normal approximation by the error is not good enough. */
  p?: number;
}

export type MeasureClaimRow = {
  claim: string;
  published: string;
  ours: number;
  /** Over test persons, with the fit held fixed. */
  "standard error": number;
  /** Over test persons, seeds and training samples together, and what it is over; absent where the fit is held fixed. */
  "whole error"?: number;
  "whole error over"?: string;
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
  const { error, above = 0, atMost, low, high, persons, whole } = claim;
  const interval = low === undefined || high === undefined ? undefined : ([low, high] as const);
  const measured = whole ?? { value: claim.ours, standardError: error, interval, persons };
  const verdict =
    atMost === undefined
      ? orderInWords(measured, above, claim.published !== undefined)
      : atMostInWords(measured, atMost, claim.p);
  return {
    claim: claim.claim,
    published: claim.published ?? claim.beside ?? "not at hand",
    ours: measured.value,
    "standard error": error,
    "whole error": whole?.standardError,
    "whole error over": whole && sourcesIn(whole),
    oracle: claim.oracle,
    p: claim.p ?? pValueOf(measured, atMost ?? above),
    verdict: whole === undefined ? verdict : `${verdict}${withoutInWords(whole)}`,
  };
}

function atMostInWords(ours: Measured, bound: number, p?: number): string {
  const standing = standingOf(ours, bound);
  if (standing === "not known") return UNKNOWN;
  const beyond = p === undefined ? standing === "above" : ours.value > bound && p <= 0.05;
  const told = p === undefined ? "" : ` (adjusted p ${p < 0.001 ? "below 0.001" : p.toFixed(3)})`;
  return `${beyond ? "does not hold, beyond its error" : "not contradicted beyond its error"}${told}`;
}
