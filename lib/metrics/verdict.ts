import { UserError } from "../errors";
import type { ComparisonRow } from "./compare";
import type { RowKind } from "./rows";
import { type Measured, standingOf } from "./standing";

export interface VerdictOptions {
  /** Default "all". */
  kind?: RowKind;
  /** Which perplexity to speak of. Default "perplexity", the raw one. */
  measure?: "perplexity" | "normalised";
}

const SUBJECT = {
  all: "Perplexity",
  first: "Perplexity at the first observation",
  move: "Perplexity of moves",
  stay: "Perplexity of stays",
} as const;

/**
 * One English sentence on where the reference model stands to each of the others, for example "Perplexity:
 * Fine-tuned is 210 (standard error 12) below Off-the-shelf, 3.21 (0.05) nats; 0.054 (0.031) above Markov, 0.0051
 * (0.0029) nats, no difference beyond its error." Whether a difference is beyond its error is read from the nats
 * (`isBeyondError`); standard errors have two digits and differences as many decimals.
 * @throws UserError if the rows have no such kind, or nothing but the reference
 */
export function verdict(rows: readonly ComparisonRow[], options: VerdictOptions = {}): string {
  const { kind = "all", measure = "perplexity" } = options;
  const ofKind = rows.filter((row) => row.kind === kind);
  const reference = ofKind.find((row) => row.model === row.reference);
  const others = ofKind.filter((row) => row.model !== row.reference);
  if (reference === undefined || others.length === 0) {
    throw new UserError(
      `the comparison has no two models on person-years of kind "${kind}"`,
      "Compare at least two.",
    );
  }
  const subject = measure === "normalised" ? `${SUBJECT[kind]}, normalised` : SUBJECT[kind];
  let errorNamed = false;
  const clauses = others.map((row) => {
    if (reference[measure] === Infinity || row[measure] === Infinity) {
      return infiniteClause(reference[measure], row[measure], row.model);
    }
    const raw = measure === "perplexity";
    const error = raw ? row.differenceError : row.normalisedDifferenceError;
    // The row holds other minus reference; the sentence is about the reference.
    const difference = -(raw ? row.difference : row.normalisedDifference);
    const nats = raw
      ? [row.logRatio, row.logRatioError]
      : [row.normalisedLogRatio, row.normalisedLogRatioError];
    const beyond = isBeyondError(row, measure);
    const errorName = errorNamed ? "" : "standard error ";
    const clause = differenceClause(difference, error, nats[0], nats[1], beyond, row.model, errorName);
    errorNamed ||= error > 0;
    return clause;
  });
  return `${subject}: ${reference.model} is ${clauses.join("; ")}.`;
}

/**
 * Whether a model differs from the reference in the mean difference of log-probability, in nats (`standingOf`). The difference of perplexities itself is no ground to judge on:
 * where one model gives a few person-years next to no probability, its error is larger than it.
 */
export function isBeyondError(
  row: ComparisonRow,
  measure: "perplexity" | "normalised" = "perplexity",
): boolean {
  return ["above", "below"].includes(standingOf(logRatioOf(row, measure)));
}

/** The difference from the reference, in nats. */
export function logRatioOf(
  row: ComparisonRow,
  measure: "perplexity" | "normalised" = "perplexity",
): Measured {
  const { persons } = row;
  if (measure === "perplexity") {
    const { logRatio: value, logRatioError: standardError, logRatioLow, logRatioHigh } = row;
    return { value, standardError, interval: [logRatioLow, logRatioHigh], persons };
  }
  const { normalisedLogRatio: value, normalisedLogRatioError: standardError } = row;
  const interval = [row.normalisedLogRatioLow, row.normalisedLogRatioHigh] as const;
  return { value, standardError, interval, persons };
}

function differenceClause(
  difference: number,
  error: number,
  nats: number,
  natsError: number,
  beyond: boolean,
  other: string,
  errorName: string,
): string {
  if (difference === 0) return `equal to ${other}`;
  const side = difference < 0 ? "below" : "above";
  const size = Math.abs(difference);
  if (Number.isNaN(error)) return `${size.toPrecision(3)} ${side} ${other}, with an error that is not known`;
  const inPerplexity = withError(size, error, errorName);
  const inNats = `${withError(Math.abs(nats), natsError)} nats`;
  return `${inPerplexity} ${side} ${other}, ${inNats}${beyond ? "" : ", no difference beyond its error"}`;
}

/** `0.054 (0.031)`: two digits of the error and as many decimals. */
function withError(value: number, error: number, errorName = ""): string {
  const decimals = error > 0 ? Math.max(0, 1 - Math.floor(Math.log10(error))) : 3;
  return `${value.toFixed(decimals)} (${errorName}${error.toFixed(decimals)})`;
}

/** A model that gave probability zero to what happened has no finite perplexity. */
function infiniteClause(reference: number, other: number, name: string): string {
  const why = "held a title impossible that happened (infinite perplexity)";
  if (reference < Infinity) return `below ${name}, which ${why}`;
  return other < Infinity ? `above ${name}, because it ${why}` : `not comparable with ${name}: both ${why}`;
}
