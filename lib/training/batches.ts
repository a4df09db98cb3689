import { Random } from "../random";

/** How many texts make one optimiser step: a number of them, or as many as hold a number of pieces. */
export type BatchSize = { texts: number } | { tokens: number };

/**
 * The batches of an epoch, as indices of texts: a pure function of (seed, epoch), so that a resumed run needs
 * no replay. Each text comes once.
 */
export function epochBatches(
  lengths: ArrayLike<number>,
  size: BatchSize,
  seed: number,
  epoch: number,
): number[][] {
  const batches: number[][] = [];
  let current: number[] = [];
  let tokens = 0;
  for (const i of new Random("batches", seed, epoch).permutation(lengths.length)) {
    current.push(i);
    tokens += lengths[i];
    if ("texts" in size ? current.length === size.texts : tokens >= size.tokens) {
      batches.push(current);
      current = [];
      tokens = 0;
    }
  }
  if (current.length > 0) batches.push(current);
  return batches;
}
