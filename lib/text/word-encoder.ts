import { type AddedToken, AddedTokenFinder } from "./added-tokens";
import { BpeEncoder, type BpeModelJson } from "./bpe-encoder";
import { ByteLevelPreTokenizer, type PreTokenizer, SplitPreTokenizer } from "./tokenizers-library";

type Json = Record<string, unknown>;

/** Words remembered with their ids; careers repeat theirs, so nearly every word is found. */
const cacheLimit = 2 ** 18;

/**
 * Encodes as the tokenizers of the GPT, Llama and Gemma families do: added tokens are found first, those marked so in the
 * normalized text; what is between is cut into words, and each word, once seen, is remembered with its ids.
 */
export class WordEncoder {
  readonly vocabulary: ReadonlyMap<string, number>;
  private readonly cache = new Map<string, number[]>();

  private constructor(
    private readonly bpe: BpeEncoder,
    /** Added tokens that are found in a text as it stands, and those that are found in it as normalized. */
    private readonly added: Readonly<Record<"plain" | "normalized", AddedTokenFinder>>,
    private readonly words: Words,
  ) {
    this.vocabulary = bpe.vocabulary;
  }

  /** The encoder of a tokenizer.json; undefined where it has a step that is not computed here. */
  static of(json: Json): WordEncoder | undefined {
    const model = json.model as Json;
    const merges = (model.type ?? "BPE") === "BPE" && Array.isArray(model.merges);
    const settings = ["dropout", "continuing_subword_prefix", "end_of_word_suffix"];
    if (!merges || settings.some((name) => ![undefined, null, ""].includes(model[name] as null)))
      return undefined;
    const make = byteLevelWords(json) ?? sentencePieceWords(json);
    if (make === undefined) return undefined;
    const bpe = new BpeEncoder(model as unknown as BpeModelJson);
    const words = make(bpe.vocabulary);
    const tokens = (json.added_tokens ?? []) as AddedToken[];
    const plain = new AddedTokenFinder(tokens.filter(({ normalized }) => !normalized));
    const normalized = tokens
      .filter((token) => token.normalized)
      .map((token) => ({ ...token, content: words.normalize(token.content) }));
    return new WordEncoder(bpe, { plain, normalized: new AddedTokenFinder(normalized) }, words);
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    const { plain, normalized } = this.added;
    for (const part of plain.split(text.replace(/\p{Cs}/gu, "\uFFFD"))) {
      if (typeof part === "number") ids.push(part);
      else {
        for (const own of normalized.split(this.words.normalize(part))) {
          if (typeof own === "number") ids.push(own);
          else for (const word of this.words.cut(own)) for (const id of this.wordIds(word)) ids.push(id);
        }
      }
    }
    return ids;
  }

  private wordIds(word: string): number[] {
    let ids = this.cache.get(word);
    if (ids === undefined) {
      ids = this.bpe.encode(this.words.spell(word));
      if (word.length > longestCached) return ids;
      if (this.cache.size >= cacheLimit) this.cache.clear();
      this.cache.set(word, ids);
    }
    return ids;
  }
}

/** Longer words are rare, and a cache of whole texts would hold much memory. */
const longestCached = 256;

interface Words {
  normalize: (text: string) => string;
  /** Cuts a normalized text into words, which can be merged one by one. */
  cut: (text: string) => string[];
  /** The word as the vocabulary spells it. */
  spell: (word: string) => string;
}

/** Words by a pattern, spelled by their bytes: GPT, Llama 3. */
function byteLevelWords(json: Json): ((vocabulary: ReadonlyMap<string, number>) => Words) | undefined {
  const { normalizer, pre_tokenizer: all } = json as { normalizer: unknown; pre_tokenizer: Json | null };
  const steps = all?.type === "Sequence" ? (all.pretokenizers as Json[]) : [];
  const bytes = steps.at(-1);
  const splits = steps.slice(0, -1);
  const known =
    (normalizer ?? null) === null &&
    bytes?.type === "ByteLevel" &&
    bytes.use_regex === false &&
    bytes.add_prefix_space === false &&
    splits.every((step) => step.type === "Split");
  if (!known) return undefined;
  const cuts: PreTokenizer[] = splits.map((step) => new SplitPreTokenizer(step));
  const level = new ByteLevelPreTokenizer(bytes);
  return () => ({
    normalize: (text) => text,
    cut: (text) =>
      cuts.reduce((words, step) => words.flatMap((word) => step.pre_tokenize_text(word)), [text]),
    spell: (word) => level.pre_tokenize_text(word)[0],
  });
}

/** Words that begin with their spaces, which the vocabulary spells "▁": Gemma, Llama 2. */
function sentencePieceWords(json: Json): ((vocabulary: ReadonlyMap<string, number>) => Words) | undefined {
  const prefix = spacePrefix(json.normalizer as Json | null | undefined);
  if (prefix === undefined || !isIdle(json.pre_tokenizer as Json | null | undefined)) return undefined;
  return (vocabulary) => {
    const joiners = charactersBeforeSpaces(vocabulary);
    const normalize = (text: string) => prefix + text.replaceAll(" ", "▁");
    const cut = (spelled: string) => {
      if (!vocabulary.has("▁")) return [spelled];
      const words: string[] = [];
      let from = 0;
      for (let at = spelled.indexOf("▁", 1); at > 0; at = spelled.indexOf("▁", at + 1)) {
        const previous = spelled[at - 1];
        if (previous === "▁" || joiners.has(previous)) continue;
        words.push(spelled.slice(from, at));
        from = at;
      }
      words.push(spelled.slice(from));
      return words;
    };
    return { normalize, cut, spell: (word) => word };
  };
}

/** The prefix of a normalizer that spells spaces "▁", perhaps after putting one in front; undefined for another. */
function spacePrefix(normalizer: Json | null | undefined): "" | "▁" | undefined {
  if (normalizer?.type === "Replace") {
    const pattern = normalizer.pattern as Json | undefined;
    return pattern?.String === " " && normalizer.content === "▁" ? "" : undefined;
  }
  if (normalizer?.type !== "Sequence") return undefined;
  const [first, second, ...more] = normalizer.normalizers as Json[];
  const both = first?.type === "Prepend" && first.prepend === "▁" && second?.type === "Replace";
  return both && more.length === 0 && spacePrefix(second) === "" ? "▁" : undefined;
}

/** Whether a pre-tokenizer does nothing to a text without spaces. */
function isIdle(step: Json | null | undefined): boolean {
  if (step == null) return true;
  return step.type === "Split" && (step.pattern as Json | undefined)?.String === " " && step.invert !== true;
}

/** Characters (last UTF-16 units) after which a token goes on with "▁": no word may be cut off there. */
function charactersBeforeSpaces(vocabulary: ReadonlyMap<string, number>): Set<string> {
  const units = new Set<string>();
  for (const token of vocabulary.keys()) {
    for (let at = token.indexOf("▁", 1); at > 0; at = token.indexOf("▁", at + 1)) {
      if (token[at - 1] !== "▁") units.add(token[at - 1]);
    }
  }
  return units;
}
