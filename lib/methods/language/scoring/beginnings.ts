import type { ReadWindow } from "./predict";

/**
 * Gives texts that stand one after the other and begin alike, over half of each at least, one beginning, which is then
 * read once for all: so do the simulated careers of a person. It ends before the first title that is asked for.
 */
export function withSharedBeginnings(windows: readonly ReadWindow[]): ReadWindow[] {
  const out: ReadWindow[] = [];
  for (let from = 0; from < windows.length; ) {
    const first = windows[from].encoded.ids;
    let shared = roomBefore(windows[from]);
    let to = from + 1;
    for (; to < windows.length; to++) {
      const { ids } = windows[to].encoded;
      const alike = Math.min(shared, roomBefore(windows[to]), commonLength(first, ids));
      if (alike < Math.max(first.length, ids.length) / 2) break;
      shared = alike;
    }
    const group = windows.slice(from, to);
    const beginning = first.subarray(0, shared);
    out.push(...(group.length > 1 ? group.map((window) => ({ ...window, shared: beginning })) : group));
    from = to;
  }
  return out;
}

/** Tokens before the colon after which the first title that is asked for is to come. */
function roomBefore({ encoded: { titles }, from, fresh }: ReadWindow): number {
  return titles[fresh - from].start - 1;
}

function commonLength(a: Int32Array, b: Int32Array): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}
