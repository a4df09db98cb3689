import { TitleTrie } from "../methods";
import type { TitleSet } from "../occupations";
import { encodeTitles, type TemplateOptions, type Tokenizer } from "../text";

/** The titles as tokens: how many each takes, and the size of the trie that scores them all. */
export interface TitleTokens {
  rows: { title: string; tokens: number; "as tokens": string }[];
  /** Mean and largest number of tokens of a title. */
  mean: number;
  most: number;
  trieNodes: number;
  /** Nodes that need a forward step of the model. */
  forwardSteps: number;
}

/** What the tokenizer makes of the titles, as scored: with the boundary space and the line's end. */
export function titlesAsTokens(
  titles: TitleSet,
  tokenizer: Tokenizer,
  template: TemplateOptions = {},
): TitleTokens {
  const tokens = encodeTitles(titles, tokenizer, template);
  const trie = new TitleTrie(tokens);
  const rows = titles.titles.map((title, j) => ({
    title,
    tokens: tokens[j].length,
    "as tokens": tokens[j]
      .map((id) => tokenizer.decode([id]).replace("\n", "↵").replace(/^ /, "␣"))
      .join(" | "),
  }));
  const counts = rows.map(({ tokens }) => tokens);
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  return {
    rows,
    mean,
    most: Math.max(...counts),
    trieNodes: trie.nodes.length - 1,
    forwardSteps: trie.inner.length,
  };
}
