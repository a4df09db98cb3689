import { MergeTable } from "./merge-table";

/** The "model" of a tokenizer.json of type BPE, as far as it is computed here. */
export interface BpeModelJson {
  vocab: Record<string, number>;
  merges: readonly (string | readonly string[])[];
  unk_token?: string | null;
  fuse_unk?: boolean;
  byte_fallback?: boolean;
  ignore_merges?: boolean;
}

/** Room for a place in a text beside a rank in one exact number. */
const places = 2 ** 26;

/**
 * Byte-pair encoding (Sennrich, Haddow and Birch 2016) of a word or text, to the ids of Hugging Face's tokenizers:
 * of all neighbours that merge, those whose merge is listed first, of these the leftmost, until none is left.
 * A heap finds them, so that a text of n characters takes n log n steps.
 */
export class BpeEncoder {
  readonly vocabulary: ReadonlyMap<string, number>;
  private readonly merges: MergeTable;
  private readonly unknown: number | undefined;
  private readonly fuseUnknown: boolean;
  private readonly wholeWords: boolean;
  /** Ids of the 256 bytes, where characters outside the vocabulary are spelled by them. */
  private readonly bytes: Int32Array | undefined;
  private readonly heap = new Heap();

  constructor(model: BpeModelJson) {
    const vocabulary = new Map(Object.entries(model.vocab));
    this.vocabulary = vocabulary;
    this.merges = new MergeTable(model.merges.length);
    model.merges.forEach((merge, rank) => {
      const [left, right] = typeof merge === "string" ? merge.split(" ") : merge;
      const made = vocabulary.get(left + right);
      if (made === undefined)
        throw new Error(`the merge of "${left}" and "${right}" is not in the vocabulary`);
      this.merges.set(vocabulary.get(left)!, vocabulary.get(right)!, rank, made);
    });
    this.unknown = model.unk_token == null ? undefined : vocabulary.get(model.unk_token);
    this.fuseUnknown = model.fuse_unk === true;
    this.wholeWords = model.ignore_merges === true;
    if (model.byte_fallback === true) this.bytes = byteIds(vocabulary);
  }

  /** Ids of a text, whose lone surrogates count as U+FFFD. */
  encode(text: string): number[] {
    if (text === "") return [];
    if (this.wholeWords) {
      const whole = this.vocabulary.get(text);
      if (whole !== undefined) return [whole];
    }
    return this.merge(this.characters(text));
  }

  /** Ids of the single characters. */
  private characters(text: string): number[] {
    const ids: number[] = [];
    for (const character of text) {
      const id = this.vocabulary.get(character);
      if (id !== undefined) {
        ids.push(id);
        continue;
      }
      if (this.bytes !== undefined) {
        for (const byte of Buffer.from(character, "utf8")) ids.push(this.bytes[byte]);
      } else if (this.unknown !== undefined && !(this.fuseUnknown && ids.at(-1) === this.unknown)) {
        ids.push(this.unknown);
      }
    }
    return ids;
  }

  private merge(ids: number[]): number[] {
    const count = ids.length;
    if (count >= places) throw new RangeError(`a text of ${count} characters without a break`);
    const { merges, heap } = this;
    // A list: what stands before and after each place; a place merged into the one before it holds -1.
    const before = Int32Array.from({ length: count }, (_, i) => i - 1);
    const after = Int32Array.from({ length: count }, (_, i) => i + 1);
    const offer = (at: number) => {
      if (at < 0 || after[at] >= count) return;
      const rank = merges.rank(ids[at], ids[after[at]]);
      if (rank >= 0) heap.push(rank * places + at);
    };
    for (let i = 0; i + 1 < count; i++) offer(i);
    for (let best = heap.pop(); best >= 0; best = heap.pop()) {
      const rank = Math.floor(best / places);
      const at = best - rank * places;
      const next = after[at];
      if (ids[at] < 0 || next >= count) continue;
      // The pair may have changed since; as in Hugging Face's, it counts if it still makes the same token.
      const now = merges.rank(ids[at], ids[next]);
      if (now < 0 || merges.made[now] !== merges.made[rank]) continue;
      ids[at] = merges.made[rank];
      ids[next] = -1;
      after[at] = after[next];
      if (after[at] < count) before[after[at]] = at;
      offer(before[at]);
      offer(at);
    }
    return ids.filter((id) => id >= 0);
  }
}

function byteIds(vocabulary: ReadonlyMap<string, number>): Int32Array | undefined {
  const ids = Array.from({ length: 256 }, (_, byte) => {
    return vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
  });
  // With a byte missing, Hugging Face's takes the unknown token for characters that need it; no known model does.
  return ids.every((id) => id !== undefined) ? Int32Array.from(ids) : undefined;
}

/** The smallest number first. */
class Heap {
  private readonly items: number[] = [];

  push(item: number): void {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent] <= item) break;
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  }

  /** -1 where it is empty. */
  pop(): number {
    const { items } = this;
    if (items.length === 0) return -1;
    const first = items[0];
    const last = items.pop()!;
    const count = items.length;
    if (count === 0) return first;
    let at = 0;
    for (let child = 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && items[child + 1] < items[child]) child++;
      if (items[child] >= last) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = last;
    return first;
  }
}
