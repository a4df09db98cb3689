import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import { readJsonObject } from "../files";
import { type Codec, codecOf } from "./codec";
import { tokenizerRemedy } from "./missing-tokenizer";
import { checkTokenizerJson } from "./tokenizer-json";
import type { TokenizerFiles } from "./train-tokenizer";

/** A stretch from `start` up to, not including, `end`: of characters (UTF-16 units) or of tokens. */
export interface Span {
  start: number;
  end: number;
}

export interface EncodeOptions {
  /** Put the begin-of-text token first. Default false. */
  addBos?: boolean;
}

/** Ids that a model's configuration gives to the tokens around a text, for a tokenizer that names none. */
export interface SpecialIds {
  bos?: number;
  eos?: number;
}

/** Turns text into token ids and back, as Hugging Face's tokenizer of the same folder does. */
export class Tokenizer {
  /** Largest id plus one: the rows that a model needs. */
  readonly vocabularySize: number;
  /** Token before the first of a text; undefined where the tokenizer names none. */
  readonly bosId: number | undefined;
  /** Token after the last of a text; undefined where the tokenizer names none. */
  readonly eosId: number | undefined;

  private readonly added: Map<number, { content: string; special: boolean }>;
  /** The model's own tokens and the added ones, by id. */
  private readonly tokens: string[] = [];
  private readonly vocabulary: ReadonlyMap<string, number>;
  private readonly codec: Codec;
  private readonly lengths: Int32Array;

  /**
   * Reads tokenizer.json and, where they are there, tokenizer_config.json and special_tokens_map.json.
   * @param ids of the tokens around a text, where these files name none
   * @throws UserError where tokenizer.json is missing or malformed
   */
  static fromFolder(folder: string, ids?: SpecialIds): Tokenizer {
    const path = join(folder, "tokenizer.json");
    const tokenizer = readJsonObject(path, tokenizerRemedy(folder));
    const further = (name: string) =>
      existsSync(join(folder, name)) ? readJsonObject(join(folder, name)) : {};
    const { bos_token, eos_token } = further("special_tokens_map.json");
    const config = { bos_token, eos_token, ...further("tokenizer_config.json") };
    return new Tokenizer({ tokenizer, config }, path, ids);
  }

  /**
   * @param name what errors call it
   * @param ids of the tokens around a text, where the files name none
   */
  constructor(
    files: TokenizerFiles,
    private readonly name = "tokenizer.json",
    ids: SpecialIds = {},
  ) {
    const { tokenizer, config } = files;
    checkTokenizerJson(name, tokenizer);
    this.codec = this.readable(() => codecOf(files));
    const added = (tokenizer.added_tokens ?? []) as { id: number; content: string; special?: boolean }[];
    this.added = new Map(
      added.map(({ id, content, special }) => [id, { content, special: special === true }]),
    );
    const vocabulary = new Map(this.codec.vocabulary);
    for (const [token, id] of vocabulary) this.tokens[id] = token;
    for (const { id, content } of added) {
      this.tokens[id] = content;
      vocabulary.set(content, id);
    }
    this.vocabulary = vocabulary;
    this.vocabularySize = this.tokens.length;
    this.lengths = new Int32Array(this.vocabularySize).fill(-1);
    const begins = ["<|begin|>", "<|begin_of_text|>", "<bos>", "<s>"];
    this.bosId = this.specialId(config.bos_token, begins) ?? this.ownId(ids.bos);
    const ends = ["<|end|>", "<|end_of_text|>", "<eos>", "</s>"];
    this.eosId = this.specialId(config.eos_token, ends) ?? this.ownId(ids.eos);
  }

  private readable<T>(open: () => T): T {
    try {
      return open();
    } catch (error) {
      const problem = `${this.name}: a tokenizer that we cannot read (${(error as Error).message})`;
      throw new UserError(problem, undefined, { cause: error });
    }
  }

  /** Ids of a text. No special token is added but, where asked, the first. */
  encode(text: string, { addBos = false }: EncodeOptions = {}): Int32Array {
    const ids: number[] = [];
    if (addBos) {
      if (this.bosId === undefined) throw new UserError("the tokenizer names no begin-of-text token");
      ids.push(this.bosId);
    }
    for (const id of this.codec.encode(text)) ids.push(id);
    return Int32Array.from(ids);
  }

  /**
   * Ids of a whole text, and where each span of its characters lies among them.
   * @param spans of characters; each must start and end where a token does
   * @throws UserError where the tokenizer joins characters across the edge of a span, or rewrites the text
   */
  encodeWithSpans(
    text: string,
    spans: readonly Span[],
    options: EncodeOptions = {},
  ): { ids: Int32Array; tokenSpans: Span[] } {
    const ids = this.encode(text, options);
    const first = options.addBos ? 1 : 0;
    const tokenAt = this.tokenBoundaries(text, ids, first);
    const ascii = Buffer.byteLength(text) === text.length;
    const find = (at: number): number => {
      if (!(at >= 0 && at <= text.length)) throw new RangeError(`${at} is outside the text`);
      // Half a surrogate pair has no bytes of its own.
      const insidePair = at > 0 && text.codePointAt(at - 1)! > 0xffff;
      const token = !insidePair ? tokenAt.get(ascii ? at : Buffer.byteLength(text.slice(0, at))) : undefined;
      if (token !== undefined) return token;
      throw new UserError(
        `the tokenizer has no boundary at character ${at}: it joins ${JSON.stringify(text.slice(Math.max(0, at - 12), at))} ` +
          `and ${JSON.stringify(text.slice(at, at + 12))} in one token`,
        "Use a template in which each title starts with a space and ends its line.",
      );
    };
    return { ids, tokenSpans: spans.map(({ start, end }) => ({ start: find(start), end: find(end) })) };
  }

  /** For each byte of the text at which a token starts, and its end, the token's place in `ids`. */
  private tokenBoundaries(text: string, ids: Int32Array, first: number): Map<number, number> {
    const bytes = Buffer.byteLength(text);
    let total = 0;
    for (let i = first; i < ids.length; i++) total += this.byteLength(ids[i]);
    // SentencePiece may put a space before the text.
    const prefix = total === bytes + 1 && this.tokenBytes(ids[first])[0] === 0x20 ? 1 : 0;
    if (total !== bytes + prefix) {
      throw new UserError(
        "the tokenizer rewrites the text, so places in it cannot be found among the tokens",
      );
    }
    const boundaries = new Map<number, number>();
    let at = -prefix;
    for (let i = first; i < ids.length; i++) {
      boundaries.set(Math.max(0, at), i);
      at += this.byteLength(ids[i]);
    }
    return boundaries.set(bytes, ids.length);
  }

  private byteLength(id: number): number {
    if (this.lengths[id] < 0) this.lengths[id] = this.tokenBytes(id).length;
    return this.lengths[id];
  }

  /** UTF-8 bytes that a token stands for in a text; of a special token, its name's. */
  tokenBytes(id: number): Uint8Array {
    const token = this.tokens[id];
    if (token === undefined) throw new RangeError(`no token has the id ${id}`);
    if (this.added.get(id)?.special) return Buffer.from(token, "utf8");
    return this.codec.bytes(token);
  }

  /** Text of ids; bytes that are no UTF-8 come out as U+FFFD. Special tokens are left out unless kept. */
  decode(ids: ArrayLike<number>, { keepSpecial = false }: { keepSpecial?: boolean } = {}): string {
    const list = Array.from(ids).filter((id) => keepSpecial || !this.added.get(id)?.special);
    if (list.length === 0) return "";
    return this.codec.decode(
      list,
      list.map((id) => this.tokens[id] ?? ""),
    );
  }

  /** Id of a token as the vocabulary spells it, special tokens included. */
  idOf(token: string): number | undefined {
    return this.vocabulary.get(token);
  }

  /** Whether an id is a token added beside the model's own tokens, such as the special ones. */
  isAdded(id: number): boolean {
    return this.added.has(id);
  }

  private specialId(named: unknown, usual: string[]): number | undefined {
    const content =
      typeof named === "object" && named !== null ? (named as { content?: unknown }).content : named;
    if (typeof content === "string") return this.idOf(content);
    const special = [...this.added].find(([, token]) => usual.includes(token.content));
    return special?.[0];
  }

  /** An id that stands for one of the tokens. */
  private ownId(id: number | undefined): number | undefined {
    return id !== undefined && this.tokens[id] !== undefined ? id : undefined;
  }
}

/**
 * Checks that a tokenizer can belong to a model. Models round their vocabulary up, so it may be larger, but not
 * twice as large; tokens added for other uses may lie beyond it.
 * @param vocabularySize rows of the model's embedding
 * @throws UserError
 */
export function checkTokenizerFits(tokenizer: Tokenizer, vocabularySize: number): void {
  let needed = tokenizer.vocabularySize;
  while (
    needed > 0 &&
    tokenizer.isAdded(needed - 1) &&
    ![tokenizer.bosId, tokenizer.eosId].includes(needed - 1)
  ) {
    needed--;
  }
  if (needed <= vocabularySize && tokenizer.vocabularySize * 2 > vocabularySize) return;
  throw new UserError(
    `the tokenizer does not belong to the model: it has ${tokenizer.vocabularySize.toLocaleString("en-US")} tokens, ` +
      `the model ${vocabularySize.toLocaleString("en-US")}`,
    "Take tokenizer.json and model.safetensors from the same folder.",
  );
}
