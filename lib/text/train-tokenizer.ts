import { join } from "node:path";
import { writeFileAtomically } from "../files";
import { trainBpe } from "./bpe-trainer";
import { byteLevelStep, splitStep } from "./byte-level";

/** Stands before the first token of each text. */
export const BEGIN = "<|begin|>";
/** Stands after the last token of each text; also the padding. */
export const END = "<|end|>";

/** The contents of tokenizer.json and tokenizer_config.json. */
export interface TokenizerFiles {
  tokenizer: Record<string, unknown>;
  config: Record<string, unknown>;
}

/**
 * Trains a byte-level BPE tokenizer, the same for the same texts in the same order or any other. Any text can
 * be encoded and decodes to itself.
 * @param vocabularySize tokens in all, with the two special tokens (ids 0 and 1) and the 256 bytes
 */
export function trainTokenizer(texts: Iterable<string>, vocabularySize: number): TokenizerFiles {
  const specialTokens = [BEGIN, END];
  const { vocabulary, merges } = trainBpe(texts, { vocabularySize, specialTokens });
  return {
    tokenizer: {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: specialTokens.map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: null,
      pre_tokenizer: { type: "Sequence", pretokenizers: [splitStep, byteLevelStep] },
      post_processor: {
        type: "TemplateProcessing",
        single: [{ SpecialToken: { id: BEGIN, type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
        pair: [
          { SpecialToken: { id: BEGIN, type_id: 0 } },
          { Sequence: { id: "A", type_id: 0 } },
          { SpecialToken: { id: BEGIN, type_id: 1 } },
          { Sequence: { id: "B", type_id: 1 } },
        ],
        special_tokens: { [BEGIN]: { id: BEGIN, ids: [0], tokens: [BEGIN] } },
      },
      decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: Object.fromEntries(vocabulary),
        merges,
      },
    },
    config: {
      tokenizer_class: "PreTrainedTokenizerFast",
      bos_token: BEGIN,
      eos_token: END,
      pad_token: END,
      clean_up_tokenization_spaces: false,
    },
  };
}

/** Writes tokenizer.json and tokenizer_config.json, each atomically, as Hugging Face folders hold them. */
export function writeTokenizer(folder: string, files: TokenizerFiles): void {
  writeFileAtomically(join(folder, "tokenizer.json"), `${JSON.stringify(files.tokenizer)}\n`);
  writeFileAtomically(
    join(folder, "tokenizer_config.json"),
    `${JSON.stringify(files.config, undefined, 2)}\n`,
  );
}
