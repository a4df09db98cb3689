/** A number of ours that bears on a claim of the papers, or on the known truth. */
export interface MeasureClaim {
  claim: string;
  /** What is published, with its mark, or why nothing is at hand. */
  published?: string;
  /** The same number by the law itself, where it is known. */
  oracle?: number;
  ours: number;
  error: number;
  /** Ends of the 95 % interval, where they are known; 1.96 standard errors each side otherwise. */
  low?: number;
  high?: number;
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
  verdict: string;
};

const UNKNOWN = "not known: there are too few cases";

/**
 * Holds a claim against our number and its error. "above" holds if the interval is above the bound and is reversed if it
 * is below; "at most" is contradicted only if the interval is above the bound.
 */
export function judgeMeasure(claim: MeasureClaim): MeasureClaimRow {
  const { ours, error, above = 0, atMost } = claim;
  const { low = ours - 1.96 * error, high = ours + 1.96 * error } = claim;
  return {
    claim: claim.claim,
    published: claim.published ?? "not at hand",
    ours,
    "standard error": error,
    oracle: claim.oracle,
    verdict:
      atMost === undefined
        ? verdictAbove(ours, low, high, above, claim.published !== undefined)
        : verdictAtMost(ours, low, atMost, claim.p),
  };
}

function verdictAbove(ours: number, low: number, high: number, bound: number, published: boolean): string {
  if (Number.isNaN(ours)) return UNKNOWN;
  if (low > bound) return published ? "replicates in sign" : "holds, beyond its error";
  if (high < bound) return `does not ${published ? "replicate" : "hold"}: the order is reversed`;
  return "no difference beyond its error";
}

function verdictAtMost(ours: number, low: number, bound: number, p?: number): string {
  if (Number.isNaN(ours)) return UNKNOWN;
  if (ours <= bound) return "holds";
  const beyond = p === undefined ? low > bound : p <= 0.05;
  const told = p === undefined ? "" : ` (adjusted p ${p < 0.001 ? "below 0.001" : p.toFixed(3)})`;
  return `${beyond ? "does not hold, beyond its error" : "holds within its error"}${told}`;
}
