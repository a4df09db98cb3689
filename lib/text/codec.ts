import { byteLevelBytes, sentencePieceBytes } from "./token-bytes";
import { tokenDecoder } from "./token-decoder";
import { Tokenizer as Library } from "./tokenizers-library";
import type { TokenizerFiles } from "./train-tokenizer";
import { WordEncoder } from "./word-encoder";

/** What encodes and decodes for a tokenizer: one for each, chosen as it is opened. */
export interface Codec {
  /** The model's own tokens, with their ids. */
  readonly vocabulary: ReadonlyMap<string, number>;
  encode(text: string): readonly number[];
  /** Text of ids, at least one. @param tokens theirs */
  decode(ids: readonly number[], tokens: readonly string[]): string;
  /** UTF-8 bytes that a token stands for in a text. */
  bytes(token: string): Uint8Array;
}

/**
 * Ours for byte-pair encodings as GPT, Llama and Gemma have them: the library of Hugging Face takes seconds to open a large
 * vocabulary, and leaves out a rule of added tokens that Python's tokenizers follow. The library for any other kind
 * (WordPiece, Unigram, rarer steps).
 * @throws Error for what neither reads
 */
export function codecOf(files: TokenizerFiles): Codec {
  return ownCodec(files.tokenizer) ?? libraryCodec(files);
}

/** @returns undefined where a step is not computed here */
export function ownCodec(tokenizer: TokenizerFiles["tokenizer"]): Codec | undefined {
  const decoder = tokenDecoder(tokenizer.decoder);
  const words = decoder && WordEncoder.of(tokenizer);
  return (
    words && {
      vocabulary: words.vocabulary,
      encode: (text) => words.encode(text),
      decode: (_, tokens) => decoder.text(tokens),
      bytes: decoder.bytes,
    }
  );
}

/** The library's. @throws Error for what it does not read */
export function libraryCodec({ tokenizer, config }: TokenizerFiles): Codec {
  const empty = { added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null };
  const library = new Library({ ...empty, decoder: null, ...tokenizer }, config);
  const { pre_tokenizer: before, decoder } = tokenizer;
  const isByteLevel = JSON.stringify([before, decoder]).includes('"ByteLevel"');
  return {
    vocabulary: library.model.tokens_to_ids,
    encode: (text) => library.encode(text, { add_special_tokens: false }).ids,
    decode: (ids) =>
      library.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
    bytes: isByteLevel ? byteLevelBytes : sentencePieceBytes,
  };
}
