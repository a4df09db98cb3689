import { UserError } from "../../../errors";
import { byteLevelStep, type TokenizerFiles } from "../../../text";
import { damaged, quoted } from "./byte-reader";
import type { GgufFile } from "./gguf-file";
import { scoredMerges } from "./scored-merges";
import { Settings } from "./settings";

/** What a token is, as the file counts. */
const KIND = { unknown: 2, control: 3, userDefined: 4 };

/** Where Llama 3 cuts text into words. */
const llama3Words =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}" +
  "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** llama.cpp's names of ways to cut text into words, and what tokenizer.json says for them. */
const wordPatterns: Record<string, { pattern?: string; wholeWords: boolean }> = {
  "llama-bpe": { pattern: llama3Words, wholeWords: true },
  llama3: { pattern: llama3Words, wholeWords: true },
  "llama-v3": { pattern: llama3Words, wholeWords: true },
  "gpt-2": { wholeWords: false },
};

interface Vocabulary {
  tokens: string[];
  /** Ordinary where the file does not say. */
  kinds: ArrayLike<number>;
}

/**
 * The tokenizer in a file's metadata as Hugging Face's files: of the kind "llama" (SentencePiece's byte-pair
 * encoding with scores) or "gpt2" (byte-level, with merges).
 * @throws UserError where it is of another kind, or a part is missing or does not fit
 */
export function ggufTokenizer(file: GgufFile): TokenizerFiles {
  const settings = new Settings(file.path, file.metadata);
  const kind = settings.text("tokenizer.ggml.model");
  if (kind !== "llama" && kind !== "gpt2") {
    throw new UserError(
      `${file.path}: a tokenizer of the kind ${quoted(kind)}`,
      'We read "llama" and "gpt2".',
    );
  }
  const tokens = settings.texts("tokenizer.ggml.tokens");
  if (tokens.length === 0) throw damaged(file.path, "its vocabulary is empty");
  const kinds = settings.numbers("tokenizer.ggml.token_type", tokens.length) ?? new Int32Array(tokens.length);
  const vocabulary = { tokens, kinds };
  const parts = kind === "llama" ? sentencePiece(settings, vocabulary) : byteLevel(settings, vocabulary);
  const added = addedTokens(vocabulary);
  const special = specialTokens(settings, vocabulary);
  const begin = settings.flag("tokenizer.ggml.add_bos_token", kind === "llama")
    ? special.bos_token
    : undefined;
  return {
    tokenizer: {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: added,
      ...parts,
      post_processor: begin === undefined ? null : beginFirst(begin, vocabulary.tokens.indexOf(begin)),
    },
    config: {
      tokenizer_class: "PreTrainedTokenizerFast",
      ...special,
      clean_up_tokenization_spaces: false,
      model_max_length: settings.size(`${settings.text("general.architecture")}.context_length`),
    },
  };
}

/** Runs of spaces, which llama.cpp's converter spells with spaces, as SentencePiece does. */
function sentencePiece(settings: Settings, vocabulary: Vocabulary) {
  const { kinds } = vocabulary;
  const tokens = vocabulary.tokens.map((token) => (/^ +$/.test(token) ? "▁".repeat(token.length) : token));
  vocabulary.tokens = tokens;
  const scores = settings.numbers("tokenizer.ggml.scores", tokens.length);
  if (scores === undefined) throw damaged(settings.path, "its vocabulary has no scores");
  // Tokens that were not learned have no score of their own: they come first, as in SentencePiece.
  const effective = Float64Array.from(tokens, (_, i) =>
    kinds[i] > KIND.unknown && kinds[i] < 5 ? 0 : scores[i],
  );
  if (effective.some(Number.isNaN)) throw damaged(settings.path, "a score of its vocabulary is no number");
  const prefix = settings.flag("tokenizer.ggml.add_space_prefix", true);
  const spaces = { type: "Replace", pattern: { String: " " }, content: "▁" };
  const prepend = { type: "Prepend", prepend: "▁" };
  const unknown =
    tokens.find((_, i) => kinds[i] === KIND.unknown) ??
    tokens[settings.tokenId("unknown", tokens.length) ?? -1];
  const decoders = [
    { type: "Replace", pattern: { String: "▁" }, content: " " },
    { type: "ByteFallback" },
    { type: "Fuse" },
    ...(prefix ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : []),
  ];
  return {
    normalizer: prefix ? { type: "Sequence", normalizers: [prepend, spaces] } : spaces,
    pre_tokenizer: null,
    decoder: { type: "Sequence", decoders },
    model: {
      ...plainModel,
      unk_token: unknown ?? null,
      fuse_unk: true,
      byte_fallback: true,
      vocab: vocabOf(settings, tokens),
      merges: scoredMerges(tokens, effective),
    },
  };
}

function byteLevel(settings: Settings, { tokens, kinds }: Vocabulary) {
  const name = settings.text("tokenizer.ggml.pre");
  if (!Object.hasOwn(wordPatterns, name)) {
    throw new UserError(
      `${settings.path}: a tokenizer that cuts words in the way ${quoted(name)}`,
      `We read ${Object.keys(wordPatterns).join(", ")}.`,
    );
  }
  const { pattern, wholeWords } = wordPatterns[name];
  const merges = settings.texts("tokenizer.ggml.merges").map((merge) => merge.split(" "));
  const split = { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false };
  const own = (i: number) => kinds[i] !== KIND.control && kinds[i] !== KIND.userDefined;
  return {
    normalizer: null,
    pre_tokenizer:
      pattern === undefined
        ? { ...byteLevelStep, use_regex: true }
        : { type: "Sequence", pretokenizers: [split, byteLevelStep] },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      ...plainModel,
      ignore_merges: wholeWords,
      vocab: vocabOf(settings, tokens, own),
      merges,
    },
  };
}

const plainModel = {
  type: "BPE",
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
};

function vocabOf(settings: Settings, tokens: string[], own: (i: number) => boolean = () => true) {
  const vocabulary = new Map<string, number>();
  tokens.forEach((token, i) => {
    if (!own(i)) return;
    if (vocabulary.has(token)) throw damaged(settings.path, `its vocabulary holds ${quoted(token)} twice`);
    vocabulary.set(token, i);
  });
  return Object.fromEntries(vocabulary);
}

/** Tokens that are found in the text before anything is merged. */
function addedTokens({ tokens, kinds }: Vocabulary) {
  const added: object[] = [];
  tokens.forEach((content, id) => {
    if (content === "" || ![KIND.unknown, KIND.control, KIND.userDefined].includes(kinds[id])) return;
    const special = kinds[id] !== KIND.userDefined;
    added.push({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special });
  });
  return added;
}

/** The first and the last token that llama.cpp takes where a file of SentencePiece names none. */
const usual: Partial<Record<string, number>> = { bos: 1, eos: 2 };

function specialTokens(settings: Settings, { tokens, kinds }: Vocabulary) {
  const names = { bos_token: "bos", eos_token: "eos", unk_token: "unknown", pad_token: "padding" } as const;
  const special: Partial<Record<keyof typeof names, string>> = {};
  for (const name of Object.keys(names) as (keyof typeof names)[]) {
    const own = settings.tokenId(names[name], tokens.length);
    const id = own ?? (settings.text("tokenizer.ggml.model") === "llama" ? usual[names[name]] : undefined);
    if (id === undefined || (own === undefined && kinds[id] !== KIND.control)) continue;
    special[name] = tokens[id];
  }
  return special;
}

function beginFirst(token: string, id: number) {
  const text = (name: string, type: number) => [
    { SpecialToken: { id: token, type_id: type } },
    { Sequence: { id: name, type_id: type } },
  ];
  return {
    type: "TemplateProcessing",
    single: text("A", 0),
    pair: [...text("A", 0), ...text("B", 1)],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
}
