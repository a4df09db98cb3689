import { isTight } from "./collation";

/** Rows of one length, each for one example. */
export interface Block {
  rows: number;
  length: number;
}

/** Most blocks of a call, unless told. */
const MOST_BLOCKS = 8;

/** What a block costs besides its cells, in cells. */
const BLOCK_COST = 20;

/** How the steps of a run are cut into calls whose examples come into the same blocks, the longest first. */
export interface BlockPlan<Example> {
  blocks: Block[];
  /** M, most targets of a call. */
  targets: number;
  /** The examples of each call of a step, in the order in which they fill the rows; undefined where they do not fit. */
  cut(examples: readonly Example[]): Example[][] | undefined;
}

/**
 * Blocks that each step of a run fits into: each is as long as the longest example that comes into it. Of the
 * possible numbers of blocks it takes the cheapest. Undefined where too much would be left unused.
 * @param sizeOf an example's length, at most so many cells in a call
 * @param priceOf a cell in a row of a length
 */
export function planBlocks<Example>(
  steps: readonly (readonly Example[])[],
  cellsAtOnce: number,
  {
    sizeOf,
    targetsOf,
    priceOf = () => 1,
    mostBlocks = MOST_BLOCKS,
  }: {
    sizeOf: (example: Example) => number;
    targetsOf: (example: Example) => number;
    priceOf?: (length: number) => number;
    mostBlocks?: number;
  },
): BlockPlan<Example> | undefined {
  const largest = Math.max(...steps.map((step) => sum(step, sizeOf)));
  const calls = Math.max(1, Math.ceil(largest / cellsAtOnce)); // any number may be allowed at once, infinity too
  /** Calls that are alike leave little unused: examples are dealt out to them, the longest first. */
  const deal = (examples: readonly Example[]) => {
    const order = [...examples].sort((a, b) => sizeOf(b) - sizeOf(a));
    const count = Math.min(calls, order.length);
    return Array.from({ length: count }, (_, call) => order.filter((_, rank) => rank % count === call));
  };
  const batches = steps.flatMap(deal);
  const lengths = batches.map((batch) => batch.map(sizeOf));
  const blocks = cheapest(lengths, mostBlocks, priceOf);
  const cells = batches.length * sum(blocks, ({ rows, length }) => rows * length);
  if (
    !isTight(
      cells,
      sum(batches, (batch) => sum(batch, sizeOf)),
    )
  )
    return undefined;
  const targets = Math.max(...batches.map((batch) => sum(batch, targetsOf)));
  return {
    blocks,
    targets,
    cut: (examples) => {
      const dealt = deal(examples);
      const fits = (batch: readonly Example[]) =>
        fill(batch.map(sizeOf), blocks) && sum(batch, targetsOf) <= targets;
      return dealt.every(fits) ? dealt : undefined;
    },
  };
}

/** @param lengths of each call, the longest first */
function cheapest(
  lengths: readonly (readonly number[])[],
  mostBlocks: number,
  priceOf: (length: number) => number,
): Block[] {
  const most = Math.max(...lengths.map((call) => call.length));
  let best: Block[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let count = 1; count <= Math.min(mostBlocks, most); count++) {
    const rows = Math.ceil(most / count);
    const blocks = Array.from({ length: Math.ceil(most / rows) }, (_, b) => ({
      rows,
      length: Math.max(...lengths.map((call) => call[b * rows] ?? 1)),
    }));
    const cost = sum(blocks, ({ length }) => (rows * length + BLOCK_COST) * priceOf(length));
    if (cost < least) [best, least] = [blocks, cost];
  }
  return best;
}

/** Whether lengths, the longest first, find room. */
function fill(lengths: readonly number[], blocks: readonly Block[]): boolean {
  const room = blocks.flatMap(({ rows, length }) => new Array<number>(rows).fill(length));
  return lengths.length <= room.length && lengths.every((length, i) => length <= room[i]);
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((n, item) => n + of(item), 0);
}
