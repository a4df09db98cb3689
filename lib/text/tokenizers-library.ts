import * as library from "@huggingface/tokenizers";

/** What we use of a pre-tokenizer of the library. */
export interface PreTokenizer {
  pre_tokenize_text(text: string): string[];
  /** The steps, of a Sequence. */
  tokenizers?: (PreTokenizer | null)[];
  /** The settings, of a ByteLevel. */
  use_regex?: boolean;
  add_prefix_space?: boolean;
}

/** What we use of the library's tokenizer. */
export interface LibraryTokenizer {
  pre_tokenizer: PreTokenizer | null;
  normalizer: unknown;
  /** Maps words to tokens. */
  model: { encode(words: string[]): string[]; tokens_to_ids: Map<string, number>; vocab: string[] };
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[]; tokens: string[] };
  decode(
    ids: number[],
    options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean },
  ): string;
  get_added_tokens_decoder(): Map<number, { content: string; special: boolean }>;
}

interface Library {
  Tokenizer: new (tokenizer: object, config: object) => LibraryTokenizer;
  SplitPreTokenizer: new (config: object) => PreTokenizer;
  ByteLevelPreTokenizer: new (config: object) => PreTokenizer;
}

// Its own declarations import without file extensions, which a CommonJS project of today's TypeScript cannot follow.
export const { Tokenizer, SplitPreTokenizer, ByteLevelPreTokenizer } = library as unknown as Library;
