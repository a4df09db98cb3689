import { UserError } from "../errors";
import type { ComparisonRow } from "./compare";
import type { RowKind } from "./rows";

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
 * Fine-tuned is 210 (standard error 12) below Off-the-shelf; 0.054 (0.031) above Markov, no difference beyond its
 * error." A difference is beyond its error if it is more than 1.96 standard errors and its interval leaves out
 * zero; standard errors have two digits and differences as many decimals.
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
    const interval: [number, number] = raw
      ? [row.differenceLow, row.differenceHigh]
      : [row.normalisedDifferenceLow, row.normalisedDifferenceHigh];
    // The row holds other minus reference; the sentence is about the reference.
    const difference = -(raw ? row.difference : row.normalisedDifference);
    const clause = differenceClause(
      difference,
      error,
      interval,
      row.model,
      errorNamed ? "" : "standard error ",
    );
    errorNamed ||= error > 0;
    return clause;
  });
  return `${subject}: ${reference.model} is ${clauses.join("; ")}.`;
}

function differenceClause(
  difference: number,
  error: number,
  [low, high]: [number, number],
  other: string,
  errorName: string,
): string {
  if (difference === 0) return `equal to ${other}`;
  const side = difference < 0 ? "below" : "above";
  const size = Math.abs(difference);
  if (Number.isNaN(error)) return `${size.toPrecision(3)} ${side} ${other}, with an error that is not known`;
  const decimals = error > 0 ? Math.max(0, 1 - Math.floor(Math.log10(error))) : 3;
  const figures = `${size.toFixed(decimals)} (${errorName}${error.toFixed(decimals)})`;
  const beyond = size > 1.96 * error && (low > 0 || high < 0);
  return `${figures} ${side} ${other}${beyond ? "" : ", no difference beyond its error"}`;
}

/** A model that gave probability zero to what happened has no finite perplexity. */
function infiniteClause(reference: number, other: number, name: string): string {
  const why = "held a title impossible that happened (infinite perplexity)";
  if (reference < Infinity) return `below ${name}, which ${why}`;
  return other < Infinity ? `above ${name}, because it ${why}` : `not comparable with ${name}: both ${why}`;
}
