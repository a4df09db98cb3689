import type { UserError } from "../../../errors";
import { damaged, quoted } from "./byte-reader";
import type { MetadataValue } from "./metadata";

/** An id of -1 as the format's unsigned numbers hold it. */
const UNSET = 2 ** 32 - 1;

/** A file's metadata, asked for by key and kind. */
export class Settings {
  /** @param path named in errors */
  constructor(
    readonly path: string,
    private readonly values: ReadonlyMap<string, MetadataValue>,
  ) {}

  has(key: string): boolean {
    return this.values.has(key);
  }

  /** A positive whole number. @throws UserError if it is another thing, or absent and no fallback is given */
  size(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    if (Number.isSafeInteger(value) && value > 0) return value;
    throw damaged(this.path, `${key} is ${value}, not a positive whole number`);
  }

  /** A number, as the decimal that its writer meant: 1e-6, not the single next to it. @throws as `size` */
  number(key: string, fallback?: number): number {
    const value = this.values.get(key) ?? fallback;
    if (typeof value === "number" && Number.isFinite(value)) return shortest(value);
    throw value === undefined ? this.missing(key) : damaged(this.path, `${key} is no number`);
  }

  /** A text. @throws UserError if it is another thing, or absent and no fallback is given */
  text(key: string, fallback?: string): string {
    const value = this.values.get(key) ?? fallback;
    if (typeof value === "string") return value;
    throw value === undefined ? this.missing(key) : damaged(this.path, `${key} is no text`);
  }

  /** A truth value. @throws UserError if it is another thing */
  flag(key: string, fallback: boolean): boolean {
    const value = this.values.get(key) ?? fallback;
    if (typeof value === "boolean") return value;
    throw damaged(this.path, `${key} is neither true nor false`);
  }

  /** A list of texts. @throws UserError if it is absent or another thing */
  texts(key: string): string[] {
    const value = this.values.get(key);
    if (value === undefined) throw this.missing(key);
    if (Array.isArray(value) && value.every((text) => typeof text === "string")) return value;
    throw damaged(this.path, `${key} is no list of texts`);
  }

  /** A list of as many numbers, or undefined where it is absent. @throws UserError if it is another thing */
  numbers(key: string, count: number): ArrayLike<number> | undefined {
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    if (!ArrayBuffer.isView(value)) throw damaged(this.path, `${key} is no list of numbers`);
    if (value.length !== count) throw damaged(this.path, `${key} has ${value.length} entries, not ${count}`);
    return value;
  }

  /**
   * The id of a special token, undefined where the file names none. Converters write -1 for none, which the file keeps as
   * 4294967295; padding and unknown, which no career needs, may lie beyond the vocabulary, as llama.cpp lets them.
   * @throws UserError if it is no number, or the first or last token's lies beyond the vocabulary
   */
  tokenId(token: "bos" | "eos" | "unknown" | "padding", vocabularySize: number): number | undefined {
    const key = `tokenizer.ggml.${token}_token_id`;
    const id = this.has(key) ? this.number(key) : UNSET;
    if (id === UNSET || id === -1) return undefined;
    if (Number.isInteger(id) && id >= 0 && id < vocabularySize) return id;
    if (token === "unknown" || token === "padding") return undefined;
    throw damaged(this.path, `its ${token} token ${id} is not among its ${vocabularySize} tokens`);
  }

  /** The value itself, of whatever kind. */
  get(key: string): MetadataValue | undefined {
    return this.values.get(key);
  }

  private missing(key: string): UserError {
    return damaged(this.path, `its metadata lacks ${quoted(key)}`);
  }
}

/** The shortest decimal that is the same number in single precision; whole numbers, and doubles that are no singles, stay. */
function shortest(value: number): number {
  if (Number.isInteger(value) || Math.fround(value) !== value) return value;
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
