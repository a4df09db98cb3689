import { BYTE_TOKENS, splitWords } from "./byte-level";

export interface TrainBpeOptions {
  /** Tokens in all: special tokens, 256 bytes, merges. Fewer come out where the texts have no more to merge. */
  vocabularySize: number;
  /** Take the first ids, in this order. */
  specialTokens: readonly string[];
  /** A pair seen less often is not merged. Default 2. */
  minimumCount?: number;
}

/** A byte-level vocabulary and the merges that build it, in the order of their making. */
export interface Bpe {
  /** Id of each token, ids from zero without a gap. */
  vocabulary: Map<string, number>;
  merges: [left: string, right: string][];
}

/**
 * Learns byte-pair merges (Sennrich, Haddow and Birch 2016) over the bytes of words: the most frequent pair
 * first, of equally frequent ones that of the smallest ids. Words are counted once, then merged as a set.
 * @param texts read once; a text is split on its own, so a word should not span two
 */
export function trainBpe(texts: Iterable<string>, options: TrainBpeOptions): Bpe {
  const { vocabularySize, specialTokens, minimumCount = 2 } = options;
  const tokens = [...specialTokens, ...BYTE_TOKENS];
  if (vocabularySize < tokens.length) {
    throw new Error(
      `a vocabulary of ${vocabularySize} cannot hold ${tokens.length} special tokens and bytes`,
    );
  }
  const vocabulary = new Map(tokens.map((token, id) => [token, id]));
  const merges: [string, string][] = [];
  const pairs = new PairCounts(vocabularySize);

  const words: number[][] = [];
  const counts: number[] = [];
  for (const [word, count] of countWords(texts)) {
    const ids = Array.from(word, (byte) => vocabulary.get(byte)!);
    pairs.add(ids, count, words.push(ids) - 1);
    counts.push(count);
  }

  while (vocabulary.size < vocabularySize) {
    const best = pairs.mostFrequent();
    if (best === undefined || best.count < minimumCount) break;
    const { left, right } = best;
    const token = tokens[left] + tokens[right];
    // Two pairs may spell the same token: "ab" + "c", "a" + "bc".
    const merged = vocabulary.get(token) ?? tokens.push(token) - 1;
    vocabulary.set(token, merged);
    merges.push([tokens[left], tokens[right]]);
    for (const w of best.words) {
      const before = words[w];
      const after = merge(before, left, right, merged);
      if (after.length === before.length) continue; // its pair was merged away meanwhile
      pairs.add(before, -counts[w]);
      pairs.add(after, counts[w], w, merged);
      words[w] = after;
    }
    pairs.retire(best.index);
  }
  return { vocabulary, merges };
}

/** How often each word occurs, words as byte-level text. */
function countWords(texts: Iterable<string>): Map<string, number> {
  const raw = new Map<string, number>();
  for (const text of texts) {
    for (const word of splitWords.text(text)) raw.set(word, (raw.get(word) ?? 0) + 1);
  }
  return new Map([...raw].map(([word, count]) => [splitWords.bytes(word), count]));
}

function merge(ids: readonly number[], left: number, right: number, merged: number): number[] {
  const result: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === left && ids[i + 1] === right) {
      result.push(merged);
      i++;
    } else result.push(ids[i]);
  }
  return result;
}

/** Counts of adjacent pairs over the weighted words, and the words in which each is, or was, found. */
class PairCounts {
  private readonly indexOf = new Map<number, number>();
  private readonly keys: number[] = [];
  private readonly counts: number[] = [];
  private readonly words: number[][] = [];

  /** @param base larger than any id, so that a pair is one number */
  constructor(private readonly base: number) {}

  /**
   * Adds the pairs of a word, `count` times.
   * @param word noted at each of its pairs; with `only`, at those that hold this id, the others knowing it already
   */
  add(ids: readonly number[], count: number, word = -1, only = -1): void {
    for (let i = 0; i + 1 < ids.length; i++) {
      const index = this.find(ids[i] * this.base + ids[i + 1]);
      this.counts[index] += count;
      if (word >= 0 && (only < 0 || ids[i] === only || ids[i + 1] === only)) this.words[index].push(word);
    }
  }

  private find(key: number): number {
    let index = this.indexOf.get(key);
    if (index === undefined) {
      index = this.keys.push(key) - 1;
      this.counts.push(0);
      this.words.push([]);
      this.indexOf.set(key, index);
    }
    return index;
  }

  /** A scan: for vocabularies of thousands it costs less than keeping a heap in order. */
  mostFrequent() {
    let best = -1;
    let most = 0;
    for (let i = 0; i < this.counts.length; i++) {
      const count = this.counts[i];
      if (count > most || (count === most && best >= 0 && this.keys[i] < this.keys[best])) {
        best = i;
        most = count;
      }
    }
    if (best < 0) return undefined;
    const key = this.keys[best];
    return {
      index: best,
      count: most,
      left: Math.floor(key / this.base),
      right: key % this.base,
      words: this.words[best],
    };
  }

  /** A pair that was merged everywhere: its list of words is dropped. */
  retire(index: number): void {
    this.words[index] = [];
  }
}
