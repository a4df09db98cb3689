import { Random } from "../../random";

/** How many texts make one optimiser step: a number of them, or as many as hold a number of tokens. */
export type BatchSize = { texts: number } | { tokens: number };

/** Batches whose texts are sorted together by length, where like lengths are asked for. */
const POOL = 32;

/**
 * The batches of an epoch, as indices of texts: a pure function of (seed, epoch), so that a resumed run needs
 * no replay. Each text comes once.
 * @param alike whether texts of like length come together: the random order is cut into stretches of 32 batches,
 *   each sorted by length, and the batches come in random order
 */
export function epochBatches(
  lengths: ArrayLike<number>,
  size: BatchSize,
  seed: number,
  epoch: number,
  alike = false,
): number[][] {
  const random = new Random("batches", seed, epoch);
  const order = random.permutation(lengths.length);
  if (!alike) return cut(order, lengths, size);
  // A stretch of texts of random lengths holds as many tokens as the same stretch when sorted.
  const stretches = cut(
    order,
    lengths,
    "texts" in size ? { texts: POOL * size.texts } : { tokens: POOL * size.tokens },
  );
  const batches = stretches.flatMap((texts) =>
    cut(
      texts.sort((a, b) => lengths[a] - lengths[b] || a - b),
      lengths,
      size,
    ),
  );
  return Array.from(random.permutation(batches.length), (i) => batches[i]);
}

function cut(order: Iterable<number>, lengths: ArrayLike<number>, size: BatchSize): number[][] {
  const batches: number[][] = [];
  let current: number[] = [];
  let tokens = 0;
  for (const i of order) {
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
