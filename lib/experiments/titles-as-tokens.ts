import type { TitleSet } from "../occupations/title-set";
import { TitleTrie } from "../scoring/title-trie";
import { encodeTitles } from "../text/encode";
import type { TemplateOptions } from "../text/template";
import type { Tokenizer } from "../text/tokenizer";

/** What the tokenizer makes of the titles, as scored: with the boundary space and the line's end. */
export function titlesAsTokens(
  titles: TitleSet,
  tokenizer: Tokenizer,
  template: TemplateOptions = {},
): { rows: { title: string; tokens: number; pieces: string }[]; trieNodes: number; forwardSteps: number } {
  const pieces = encodeTitles(titles, tokenizer, template);
  const trie = new TitleTrie(pieces);
  const rows = titles.titles.map((title, j) => ({
    title,
    tokens: pieces[j].length,
    pieces: pieces[j].map((id) => tokenizer.decode([id]).replace("\n", "↵").replace(/^ /, "␣")).join(" | "),
  }));
  return { rows, trieNodes: trie.nodes.length - 1, forwardSteps: trie.inner.length };
}
