import type { Career } from "../../../careers";
import type { DecoderConfig } from "../../../networks";
import type { ReadWindow } from "./predict";
import type { TitleTrie } from "./title-trie";

/** Careers, or windows of them, scored side by side. */
export const CAREERS_PER_BATCH = 8;
/** Windows side by side of beginnings that few share: so little of each is read that a call costs more. */
const BEGUN_PER_BATCH = 32;
/** Bytes of keys and values that these may take. */
const BEGUN_BYTES = 256e6;
/** Careers whose texts are in memory at a time. */
const CAREERS_LISTED = 512;
/** Prefixes of person-years whose probabilities are in memory at a time, 32 MB. */
const PREFIXES_AT_ONCE = 4e6;

/** A window, and the row of its career's first observation. */
export interface PlacedWindow {
  at: number;
  window: ReadWindow;
}

/** The windows of some careers in batches, by what they begin with and how long they are. */
export function* batchesOf(
  careers: readonly Career[],
  windowsOf: (career: Career) => ReadWindow[],
  trie: TitleTrie,
  config: DecoderConfig,
): Generator<PlacedWindow[]> {
  const most = {
    years: PREFIXES_AT_ONCE / trie.nodes.length,
    tokens: BEGUN_BYTES / (config.layers * 2 * config.keyValueHeads * config.headWidth * 4),
  };
  let at = 0;
  for (let from = 0; from < careers.length; from += CAREERS_LISTED) {
    const listed = careers.slice(from, from + CAREERS_LISTED).flatMap((career) => {
      const windows = windowsOf(career).map((window) => ({ at, window }));
      at += career.observations.length;
      return windows;
    });
    yield* batches(listed, most);
  }
}

/** What some windows begin with, or that they begin with nothing that is shared. */
interface Beginning {
  few: boolean;
  /** Its place among all; those of few windows stand by their length, as a batch reads all as far as the shortest. */
  order: number;
}

/** Windows of like length leave little of a batch unused. */
function batches(
  windows: readonly PlacedWindow[],
  most: { years: number; tokens: number },
): PlacedWindow[][] {
  const beginnings = beginningsOf(windows);
  const beginning = ({ window }: PlacedWindow) => beginnings.get(window.shared)!;
  const length = ({ window }: PlacedWindow) => window.encoded.ids.length;
  const years = ({ window }: PlacedWindow) => window.encoded.titles.length;
  const order = [...windows].sort((a, b) => beginning(a).order - beginning(b).order || length(a) - length(b));
  const fit = (members: readonly PlacedWindow[]): boolean => {
    if (members.reduce((sum, member) => sum + years(member), 0) > most.years) return false;
    const [first] = members;
    const last = members[members.length - 1];
    if (members.length <= CAREERS_PER_BATCH && beginning(first) === beginning(last)) return true;
    return (
      members.every((member) => beginning(member).few) &&
      members.length <= BEGUN_PER_BATCH &&
      members.length * Math.max(...members.map(length)) <= most.tokens
    );
  };
  const batches: PlacedWindow[][] = [];
  for (const one of order) {
    const batch = batches.at(-1);
    if (batch !== undefined && fit([...batch, one])) batch.push(one);
    else batches.push([one]);
  }
  return batches;
}

function beginningsOf(windows: readonly PlacedWindow[]): Map<Int32Array | undefined, Beginning> {
  const counts = new Map<Int32Array | undefined, number>();
  for (const { window } of windows) counts.set(window.shared, (counts.get(window.shared) ?? 0) + 1);
  const few = (shared: Int32Array | undefined) =>
    shared !== undefined && counts.get(shared)! < 2 * CAREERS_PER_BATCH;
  const ordered = [...counts.keys()].sort((a, b) => (few(a) ? a!.length : -1) - (few(b) ? b!.length : -1));
  return new Map(ordered.map((shared, order) => [shared, { few: few(shared), order }]));
}
