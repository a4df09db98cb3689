import { UserError } from "../../errors";
import { isObject } from "../../files";

/** Larger sizes are mistakes, or would make the reader count without end. */
const LARGEST = 2 ** 31;

/** The fields of a config.json, each checked as it is read. */
export class ConfigFields {
  /**
   * @param path named in errors
   * @param within name of the part of config.json, with its dot, where it is not the whole
   */
  constructor(
    private readonly json: Record<string, unknown>,
    readonly path: string,
    private readonly within = "",
  ) {}

  fail(problem: string, remedy?: string): never {
    throw new UserError(`${this.path}: ${problem}`, remedy);
  }

  has(name: string): boolean {
    return this.json[name] !== undefined && this.json[name] !== null;
  }

  raw(name: string): unknown {
    return this.json[name] ?? undefined;
  }

  /** A positive whole number. */
  size(name: string, fallback?: number, largest = LARGEST): number {
    const value = this.json[name] ?? fallback;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > largest) {
      this.wrong(name, value, `a whole number from 1 to ${largest.toLocaleString("en-US")}`);
    }
    return value;
  }

  positive(name: string, fallback?: number): number {
    const value = this.json[name] ?? fallback;
    if (typeof value !== "number" || !(value > 0 && value < Number.POSITIVE_INFINITY)) {
      this.wrong(name, value, "a positive number");
    }
    return value;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.json[name] ?? fallback;
    if (typeof value !== "boolean") this.wrong(name, value, "true or false");
    return value;
  }

  /** One of some words. */
  word<T extends string>(name: string, words: readonly T[], fallback: T): T {
    const value = this.json[name] ?? fallback;
    if (words.includes(value as T)) return value as T;
    const known = words.map((w) => JSON.stringify(w)).join(" or ");
    if (typeof value !== "string") this.wrong(name, value, known);
    this.fail(`${this.within}${name} is ${JSON.stringify(value)}, not ${known}`, "We compute no other.");
  }

  /** A part that is an object of its own; undefined where it is absent. */
  part(name: string): ConfigFields | undefined {
    const value = this.json[name] ?? undefined;
    if (value === undefined) return undefined;
    if (!isObject(value)) this.wrong(name, value, "an object");
    return new ConfigFields(value, this.path, `${this.within}${name}.`);
  }

  /** Refuses what we do not compute. */
  absent(name: string): void {
    const value = this.json[name] ?? undefined;
    if (value !== undefined && value !== false) this.fail(`${this.within}${name} is not supported`);
  }

  wrong(name: string, value: unknown, rule: string): never {
    const state = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
    this.fail(`${this.within}${name} ${state}, not ${rule}`, "Download it again with the model.");
  }
}
