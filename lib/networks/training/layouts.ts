import type { SequenceBlock } from "../../operations";
import {
  BLOCK_COST,
  callsOf,
  cheapestBlocks,
  dealOut,
  fill,
  isTight,
  longestByRank,
  roomsOf,
  sum,
} from "./blocks";

/** The shapes of a call: texts one behind the other, and the blocks in which attention reads them. */
export interface Layout {
  /** N, rows of which at least the last is empty. */
  rows: number;
  /** A text to a row; the last cell of all is empty. */
  blocks: SequenceBlock[];
  /** M, most targets of a call. */
  targets: number;
}

/** How the steps of a run are cut into calls, each of the cheapest layout that it fits into. */
export interface LayoutPlan<Text> {
  layouts: Layout[];
  /** The texts of each call of a step, the longest first; undefined where they do not fit. */
  cut(texts: readonly Text[]): { texts: Text[]; layout: number }[] | undefined;
}

/** Most layouts of a run: each has a graph of its own. */
const MOST_LAYOUTS = 4;

/** Most blocks of a layout: attention is a small part of a call, and each block adds operations to its graph. */
const MOST_BLOCKS = 4;

/** What it costs to make a graph: so many calls, and tokens times parameters (a second and a half). */
const GRAPH_CALLS = 1.2;
const GRAPH_WORK = 1.6e10;

/**
 * Layouts for the steps of a run: calls of like size share one. Of the possible numbers of layouts it takes the
 * cheapest. Undefined where too much would be left unused.
 * @param sizeOf a text's tokens
 * @param parameters of the model
 * @param rowPrice what a token costs, in pairs of tokens that attention reads
 * @param tokensAtOnce most tokens of a call
 */
export function planLayouts<Text>(
  steps: readonly (readonly Text[])[],
  tokensAtOnce: number,
  {
    sizeOf,
    targetsOf,
    rowPrice,
    parameters,
  }: {
    sizeOf: (text: Text) => number;
    targetsOf: (text: Text) => number;
    rowPrice: number;
    parameters: number;
  },
): LayoutPlan<Text> | undefined {
  const deal = (texts: readonly Text[]) => dealOut(texts, callsOf(sum(texts, sizeOf), tokensAtOnce), sizeOf);
  const batches = steps.flatMap(deal).map((texts) => ({ texts, tokens: sum(texts, sizeOf) }));
  batches.sort((a, b) => a.tokens - b.tokens);

  const blockCost = ({ rows, length }: SequenceBlock) =>
    rows * length ** 2 + BLOCK_COST * (rowPrice + length);
  const costOf = ({ rows, blocks }: Layout) => rowPrice * rows + sum(blocks, blockCost);
  const layoutOf = (group: typeof batches): Layout => {
    const lengths = longestByRank(group.map(({ texts }) => texts.map(sizeOf)));
    const blocks = cheapestBlocks(lengths, blockCost, MOST_BLOCKS);
    const last = blocks[blocks.length - 1];
    last.length = Math.max(last.length, lengths[lengths.length - 1] + 1);
    return {
      rows: Math.max(...group.map(({ tokens }) => tokens)) + 1,
      blocks,
      targets: Math.max(...group.map(({ texts }) => sum(texts, targetsOf))),
    };
  };
  const ideal = sum(
    batches,
    ({ texts, tokens }) => rowPrice * tokens + sum(texts, (text) => sizeOf(text) ** 2),
  );
  const graphCost = (GRAPH_CALLS * ideal) / batches.length + (rowPrice * GRAPH_WORK) / parameters;
  let layouts: Layout[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let count = 1; count <= Math.min(MOST_LAYOUTS, batches.length); count++) {
    const groups = inGroups(batches, count);
    const made = groups.map(layoutOf);
    const calls = sum([...made.keys()], (g) => groups[g].length * costOf(made[g]));
    const cost = calls + count * graphCost;
    if (isTight(calls, ideal) && cost < least) [layouts, least] = [made, cost];
  }
  if (layouts.length === 0) return undefined;
  const fits = (texts: readonly Text[], { rows, blocks, targets }: Layout) =>
    sum(texts, sizeOf) < rows && sum(texts, targetsOf) <= targets && fill(texts.map(sizeOf), roomOf(blocks));
  layouts.sort((a, b) => costOf(a) - costOf(b));
  return {
    layouts,
    cut: (texts) => {
      const calls = deal(texts).map((call) => ({
        texts: call,
        layout: layouts.findIndex((layout) => fits(call, layout)),
      }));
      return calls.every(({ layout }) => layout >= 0) ? calls : undefined;
    },
  };
}

/** How long a text in each row of the blocks may be, the last cell of all left empty. */
function roomOf(blocks: readonly SequenceBlock[]): number[] {
  const room = roomsOf(blocks);
  room[room.length - 1]--;
  return room;
}

/** A list cut into so many stretches of about equal length. */
function inGroups<Item>(list: readonly Item[], count: number): Item[][] {
  const border = (g: number) => Math.round((g * list.length) / count);
  return Array.from({ length: count }, (_, g) => list.slice(border(g), border(g + 1)));
}
