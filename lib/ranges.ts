import { UserError } from "./errors";

/** Numbers that are allowed, both ends included. */
export interface Range {
  least: number;
  most: number;
}

/** Seeds: beyond 2^53 - 1 two different ones would be the same number. */
export const seeds: Range = { least: 0, most: Number.MAX_SAFE_INTEGER };

/** Years of the text, which have four digits. */
export const years: Range = { least: 1000, most: 9999 };

/** Ages, in years. */
export const ages: Range = { least: 0, most: 130 };

/** Numbers of persons, titles, steps or tokens: what an index of 32 bits can count. */
export const counts: Range = { least: 1, most: 2 ** 31 - 1 };

/** Layers, heads and examples of a model. */
export const smallCounts: Range = { least: 1, most: 1000 };

/** Widths of a model. */
export const widths: Range = { least: 1, most: 65_536 };

/** Bootstrap replications. */
export const replicationCounts: Range = { least: 2, most: 1_000_000 };

/** Notebooks side by side, threads. */
export const processes: Range = { least: 1, most: 1024 };

/** Seconds to wait: a timer's milliseconds have 31 bits. */
export const waits: Range = { least: 0.001, most: 2_147_483 };

/** Learning rates, and other factors of single precision. */
export const factors: Range = { least: 1e-12, most: 1e6 };

/** Penalties, pseudo-counts and survey weights: sums of them stay finite. */
export const amounts: Range = { least: 0, most: 1e15 };

/** A range in words: "from 1 to 1000". */
export function rangeText({ least, most }: Range): string {
  return `from ${least} to ${most}`;
}

/** @throws UserError unless a number is whole and within the range */
export function checkWhole(name: string, value: number, range: Range): void {
  if (Number.isInteger(value) && value >= range.least && value <= range.most) return;
  throw new UserError(`${name} is ${value}`, `It must be a whole number ${rangeText(range)}.`);
}
