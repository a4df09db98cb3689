import { onCommonPersons } from "../metrics/common-persons";
import { type ComparisonOptions, type ComparisonRow, comparePerplexity } from "../metrics/compare";
import type { RowKind } from "../metrics/rows";
import { equivalenceP, isEquivalent, type Measured, pValueOf, standingOf } from "../metrics/standing";
import { logRatioOf } from "../metrics/verdict";
import type { Comparison } from "./compare-methods";
import { type PublishedNumber, quote } from "./published";

/** A claim of the papers beside ours. */
export type ClaimRow = {
  claim: string;
  published: string;
  /** Difference of the perplexities. */
  ours: number;
  "standard error": number;
  /** Mean difference of log-probability. */
  "ours, nats": number;
  /** Over test persons, with the fit held fixed. */
  "standard error, nats": number;
  /** Of the null that it is zero, two-sided; of a tie that they differ by the margin or more. By the error that the verdict is by. */
  p: number;
  verdict: string;
};

/** A claim that one model's perplexity is below another's. */
export interface OrderClaim {
  claim: string;
  lower: string;
  higher: string;
  /** The person-years that it is judged on. Default: all. */
  kind?: RowKind;
  /** The claim is that the two are equal within this many nats: it holds if that is shown (`isEquivalent`). */
  tieWithin?: number;
  /** The published perplexities of both, on the paper's survey; of the same thing, or the claim replicates nothing. */
  published?: { lower: PublishedNumber; higher: PublishedNumber };
}

/**
 * Holds an order of two models against a comparison whose reference is the lower one. Ours is the paired
 * difference, higher less lower, over the person-years of the claim: of perplexity, and of the mean of -ln P in nats,
 * by which it is judged (`standingOf`; a tie by `isEquivalent`).
 */
export function judgeOrder(one: OrderClaim, rows: readonly ComparisonRow[]): ClaimRow {
  const { claim, lower, higher, kind: wanted = "all", published } = one;
  const row = rows.find(
    ({ model, kind, reference }) => kind === wanted && model === higher && reference === lower,
  );
  if (row === undefined) throw new Error(`no comparison of ${higher} with ${lower}`);
  const nats = logRatioOf(row);
  const source =
    published === undefined ? "not at hand" : `${published.higher.number} to ${quote(published.lower)}`;
  return {
    claim,
    published: source,
    ours: row.difference,
    "standard error": row.differenceError,
    "ours, nats": row.logRatio,
    "standard error, nats": row.logRatioError,
    p: pOf(one, nats),
    verdict: verdictOn(one, nats),
  };
}

/** What a claim comes to by the higher's mean -ln P less the lower's. */
export function verdictOn({ tieWithin, published }: OrderClaim, nats: Measured): string {
  return tieWithin === undefined
    ? orderInWords(nats, 0, published !== undefined)
    : tieInWords(nats, tieWithin);
}

/** The p-value of what a claim is judged by. */
export function pOf({ tieWithin }: OrderClaim, nats: Measured): number {
  return tieWithin === undefined ? pValueOf(nats) : equivalenceP(nats, 0, tieWithin);
}

export const UNKNOWN = "not known: there are too few cases";
const UNDECIDED = "no difference beyond its error";

/** Whether ours is above a bound; it replicates only what was published. */
export function orderInWords(ours: Measured, bound: number, published: boolean): string {
  switch (standingOf(ours, bound)) {
    case "above":
      return published ? "replicates in sign" : "holds, beyond its error";
    case "below":
      return `does not ${published ? "replicate" : "hold"}: the order is reversed`;
    case "within":
      return UNDECIDED;
    case "not known":
      return UNKNOWN;
  }
}

function tieInWords(ours: Measured, margin: number): string {
  if (isEquivalent(ours, 0, margin)) return `holds: equal within ${margin} nats`;
  const standing = standingOf(ours);
  if (standing === "not known") return UNKNOWN;
  if (standing !== "within") return "does not hold: they differ beyond the error";
  return `undecided: no difference beyond its error, nor shown to be equal within ${margin} nats`;
}

/** Claims of one survey: each order is judged on the two models' own predictions, of the persons that both have. Claims on models that are absent are left out. */
export function judgeOrders(
  { survey, distributions }: Pick<Comparison, "survey" | "distributions">,
  claims: readonly OrderClaim[],
  options: Omit<ComparisonOptions, "reference"> = {},
): ({ survey: string } & ClaimRow)[] {
  const present = claims.filter(({ lower, higher }) => lower in distributions && higher in distributions);
  return present.map((claim) => {
    const pair = onCommonPersons(
      Object.fromEntries([claim.lower, claim.higher].map((label) => [label, distributions[label]])),
    );
    const rows = comparePerplexity(pair, {
      ...options,
      kinds: [claim.kind ?? "all"],
      reference: claim.lower,
    });
    return { survey, ...judgeOrder(claim, rows) };
  });
}
