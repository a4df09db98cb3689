import { stage } from "../../../stages";

/**
 * The merges that a SentencePiece vocabulary implies: each way to make a token of two others. A token of higher score
 * is made first; of the ways to make one, that with the longest left part, as Hugging Face's converter orders them.
 * @param scores one per token
 */
export function scoredMerges(tokens: readonly string[], scores: ArrayLike<number>): [string, string][] {
  const known = new Set(tokens);
  const order = Array.from(tokens, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  const merges: [string, string][] = [];
  const step = stage("making the tokenizer", order.length, "tokens");
  for (let first = 0; first < order.length; ) {
    step(first);
    let end = first + 1;
    while (end < order.length && scores[order[end]] === scores[order[first]]) end++;
    const ways = order.slice(first, end).flatMap((id) => waysToMake(tokens[id], known));
    // Among tokens of equal score too, the longest left part comes first, then the longest right one.
    if (end - first > 1)
      ways.sort(([a, b], [c, d]) => lengthOf(c) - lengthOf(a) || lengthOf(d) - lengthOf(b));
    for (const way of ways) merges.push(way);
    first = end;
  }
  return merges;
}

/** Longest left part first. */
function waysToMake(token: string, known: ReadonlySet<string>): [string, string][] {
  const ways: [string, string][] = [];
  for (let at = token.length - 1; at > 0; at--) {
    const code = token.charCodeAt(at);
    if (code >= 0xdc00 && code < 0xe000) continue; // inside a surrogate pair
    const left = token.slice(0, at);
    if (!known.has(left)) continue;
    const right = token.slice(at);
    if (known.has(right)) ways.push([left, right]);
  }
  return ways;
}

/** In characters, a surrogate pair being one. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
