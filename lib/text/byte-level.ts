import { ByteLevelPreTokenizer, SplitPreTokenizer } from "./tokenizers-library";

/**
 * Where text is cut before its bytes are merged: after the Llama 3 tokenizer, but each line break stands alone,
 * so that no token reaches over the end of a line, and digits run to four, so that a year can be one token.
 * Written so that JavaScript and Oniguruma (Python's tokenizers) read it alike.
 */
export const WORD_PATTERN = [
  "'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])", // English contractions
  "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+", // a word with the space or sign before it
  "\\p{N}{1,4}",
  " ?[^\\s\\p{L}\\p{N}]+", // punctuation
  "[\\r\\n]",
  "[^\\S\\r\\n]+(?!\\S)", // spaces, all but the one that belongs to the next word
  "[^\\S\\r\\n]+",
].join("|");

/** The Split step of tokenizer.json. */
export const splitStep = {
  type: "Split" as const,
  pattern: { Regex: WORD_PATTERN },
  behavior: "Isolated" as const,
  invert: false,
};

/** The ByteLevel step: bytes as printable characters. */
export const byteLevelStep = {
  type: "ByteLevel" as const,
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: false,
};

const split = new SplitPreTokenizer(splitStep);
const byteLevel = new ByteLevelPreTokenizer(byteLevelStep);

/** The pattern and the byte mapping of the tokenizers that we train. */
export const splitWords = {
  /** The words of a text, which together are the text. */
  text: (text: string): string[] => split.pre_tokenize_text(text),
  /** A word's UTF-8 bytes, each as one printable character. */
  bytes: (word: string): string => byteLevel.pre_tokenize_text(word)[0],
};

/** The printable characters that stand for the 256 bytes (Radford et al. 2019), by code point. */
export const BYTE_TOKENS: readonly string[] = (() => {
  const shown = (b: number) => (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
  const bytes = Array.from({ length: 256 }, (_, b) => b);
  const hidden = bytes.filter((b) => !shown(b)).map((_, i) => 256 + i);
  return [...bytes.filter(shown), ...hidden].sort((a, b) => a - b).map((code) => String.fromCharCode(code));
})();
