import type { ComparisonRow } from "../metrics/compare";
import { type PublishedNumber, quote } from "./published";

/** A claim of the papers beside ours. */
export type ClaimRow = {
  claim: string;
  published: string;
  ours: number;
  standardError: number;
  verdict: string;
};

/** A claim that one model's perplexity is below another's. */
export interface OrderClaim {
  claim: string;
  lower: string;
  higher: string;
  /** The published perplexities of both, on the paper's survey. */
  published?: { lower: PublishedNumber; higher: PublishedNumber };
}

/**
 * Holds an order of two models against a comparison whose reference is the lower one. Ours is the paired
 * difference of perplexity, higher less lower, over all person-years; it replicates if it is above zero by more
 * than 1.96 standard errors.
 */
export function judgeOrder(
  { claim, lower, higher, published }: OrderClaim,
  rows: readonly ComparisonRow[],
): ClaimRow {
  const row = rows.find(
    ({ model, kind, reference }) => kind === "all" && model === higher && reference === lower,
  );
  if (row === undefined) throw new Error(`no comparison of ${higher} with ${lower}`);
  const { difference, differenceError } = row;
  const beyond = Math.abs(difference) > 1.96 * differenceError;
  const order = difference > 0 ? "replicates in sign" : "does not replicate: the order is reversed";
  const verdict = beyond ? order : "no difference beyond its error";
  const source =
    published === undefined ? "not at hand" : `${published.higher.number} to ${quote(published.lower)}`;
  return { claim, published: source, ours: difference, standardError: differenceError, verdict };
}
