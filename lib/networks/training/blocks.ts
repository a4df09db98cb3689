import type { SequenceBlock } from "../../operations";

/** Most blocks of a call by default. */
const MOST_BLOCKS = 8;

/** What a block costs besides its cells, in cells. */
export const BLOCK_COST = 20;

/** Times as much as the examples themselves would cost, from which on equal shapes cost more than a graph gains. */
const MOST_COST = 1.6;

/** How the steps of a run are cut into calls whose examples come into the same blocks, the longest first. */
export interface BlockPlan<Example> {
  blocks: SequenceBlock[];
  /** M, most targets of a call. */
  targets: number;
  /** The examples of each call of a step, in the order in which they fill the rows; undefined where they do not fit. */
  cut(examples: readonly Example[]): Example[][] | undefined;
}

/**
 * Blocks that each step of a run fits into: each is as long as the longest example that comes into it. Of the
 * possible numbers of blocks it takes the cheapest. Undefined where too much would be left unused.
 * @param sizeOf an example's length, at most so many cells in a call
 */
export function planBlocks<Example>(
  steps: readonly (readonly Example[])[],
  cellsAtOnce: number,
  {
    sizeOf,
    targetsOf,
    mostBlocks = MOST_BLOCKS,
  }: {
    sizeOf: (example: Example) => number;
    targetsOf: (example: Example) => number;
    mostBlocks?: number;
  },
): BlockPlan<Example> | undefined {
  const largest = Math.max(...steps.map((step) => sum(step, sizeOf)));
  const calls = callsOf(largest, cellsAtOnce);
  const deal = (examples: readonly Example[]) => dealOut(examples, calls, sizeOf);
  const batches = steps.flatMap(deal);
  const blocks = cheapestBlocks(
    longestByRank(batches.map((batch) => batch.map(sizeOf))),
    ({ rows, length }) => rows * length + BLOCK_COST,
    mostBlocks,
  );
  const cells = batches.length * sum(blocks, ({ rows, length }) => rows * length);
  const filled = sum(batches, (batch) => sum(batch, sizeOf));
  if (!isTight(cells, filled)) return undefined;
  const targets = Math.max(...batches.map((batch) => sum(batch, targetsOf)));
  return {
    blocks,
    targets,
    cut: (examples) => {
      const dealt = deal(examples);
      const fits = (batch: readonly Example[]) =>
        fill(batch.map(sizeOf), roomsOf(blocks)) && sum(batch, targetsOf) <= targets;
      return dealt.every(fits) ? dealt : undefined;
    },
  };
}

/** Whether equal shapes cost little enough beside what the examples themselves would. */
export function isTight(cost: number, ideal: number): boolean {
  return cost <= MOST_COST * ideal;
}

/** In how many calls a step of so many cells is made; any number may be allowed at once, infinity too. */
export function callsOf(cells: number, cellsAtOnce: number): number {
  return Math.max(1, Math.ceil(cells / cellsAtOnce));
}

/** Examples dealt out to calls that are alike, which leaves little unused; those of each call the longest first. */
export function dealOut<Example>(
  examples: readonly Example[],
  calls: number,
  sizeOf: (example: Example) => number,
): Example[][] {
  const order = [...examples].sort((a, b) => sizeOf(b) - sizeOf(a));
  const count = Math.min(calls, order.length);
  return Array.from({ length: count }, (_, call) => order.filter((_, rank) => rank % count === call));
}

/** The length that the longest example of any call has, the second longest, and so on. */
export function longestByRank(lengths: readonly (readonly number[])[]): number[] {
  const most = Math.max(...lengths.map((call) => call.length));
  return Array.from({ length: most }, (_, rank) => Math.max(...lengths.map((call) => call[rank] ?? 1)));
}

/**
 * Blocks of the least cost that examples of these lengths fit into, in their order: all ways of cutting it are looked
 * at, from the last example on.
 * @param lengths the longest first
 */
export function cheapestBlocks(
  lengths: readonly number[],
  costOf: (block: SequenceBlock) => number,
  mostBlocks = MOST_BLOCKS,
): SequenceBlock[] {
  type Cut = { cost: number; blocks: SequenceBlock[] };
  const nothing: Cut = { cost: 0, blocks: [] };
  /** The best of at most so many blocks for the examples from each rank on. */
  let best: (Cut | undefined)[] = lengths.map(() => undefined);
  for (let count = 1; count <= mostBlocks; count++) {
    const fewer = best;
    best = lengths.map((length, from) => {
      let least = fewer[from];
      for (let to = from + 1; to <= lengths.length; to++) {
        const rest = to === lengths.length ? nothing : fewer[to];
        if (rest === undefined) continue;
        const block = { rows: to - from, length };
        const cost = costOf(block) + rest.cost;
        if (least === undefined || cost < least.cost) least = { cost, blocks: [block, ...rest.blocks] };
      }
      return least;
    });
  }
  return best[0]!.blocks;
}

/** Whether lengths, the longest first, find room in rows of these lengths. */
export function fill(lengths: readonly number[], rooms: readonly number[]): boolean {
  return lengths.length <= rooms.length && lengths.every((length, i) => length <= rooms[i]);
}

/** The length of each row. */
export function roomsOf(blocks: readonly SequenceBlock[]): number[] {
  return blocks.flatMap(({ rows, length }) => new Array<number>(rows).fill(length));
}

export function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((n, item) => n + of(item), 0);
}
