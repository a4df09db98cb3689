import { UserError } from "../errors";
import { type Measurement, measures, only, type RowKind, standingOf, where } from "../metrics";

export interface StandingsOptions {
  /** Default "all". */
  kind?: RowKind;
  /** Which perplexity to speak of. Default "perplexity", the raw one. */
  measure?: "perplexity" | "normalised perplexity";
}

const SUBJECT: Readonly<Record<RowKind, string>> = {
  all: "Perplexity",
  first: "Perplexity at the first observation",
  move: "Perplexity of moves",
  stay: "Perplexity of stays",
};

const NATS = {
  perplexity: "log-loss difference",
  "normalised perplexity": "normalised log-loss difference",
} as const;

/**
 * One English sentence on where the reference model stands to each of the others, for example "Perplexity:
 * Fine-tuned is 210 (standard error 12) below Off-the-shelf, 3.21 (0.05) nats; 0.054 (0.031) above Markov, 0.0051
 * (0.0029) nats, no difference beyond its error." Whether a difference is beyond its error is read from the nats
 * (`standingOf`): the difference of perplexities is no ground to judge on where one model gives a few person-years next to no
 * probability. Standard errors have two digits and differences as many decimals.
 * @param measurements of one survey (`measurePerplexity`)
 * @throws UserError if they have no such kind, or nothing but the reference
 */
export function standingsInWords(
  measurements: readonly Measurement[],
  { kind = "all", measure = "perplexity" }: StandingsOptions = {},
): string {
  const own = where(measurements, { on: { transition: kind } });
  const perplexities = where(own, { measure });
  const reference = perplexities.find(
    ({ model }) => where(own, { model, against: model, measure: NATS[measure] }).length > 0,
  );
  const others = perplexities.filter((one) => one !== reference);
  if (reference === undefined || others.length === 0) {
    throw new UserError(
      `the comparison has no two models on person-years of kind "${kind}"`,
      "Compare at least two.",
    );
  }
  let errorNamed = false;
  const clauses = others.map(({ model, estimate }) => {
    const [ours, theirs] = [reference.estimate.value, estimate.value];
    if (ours === Infinity || theirs === Infinity) return infiniteClause(ours, theirs, model);
    const against = reference.model;
    const difference = only(own, { model, against, measure: `${measure} difference` }).estimate;
    const nats = only(own, { model, against, measure: NATS[measure] });
    const isBeyond = ["above", "below"].includes(standingOf({ ...nats.estimate, persons: nats.persons }));
    const clause = differenceClause(difference, nats.estimate, isBeyond, model, !errorNamed);
    errorNamed ||= difference.standardError > 0;
    return clause;
  });
  const subject = measure === "perplexity" ? SUBJECT[kind] : `${SUBJECT[kind]}, normalised`;
  return `${subject}: ${reference.model} is ${clauses.join("; ")}.`;
}

type ValueAndError = Pick<Measurement["estimate"], "value" | "standardError">;

/** @param difference of the other less the reference; the sentence is about the reference */
function differenceClause(
  { value, standardError }: ValueAndError,
  nats: ValueAndError,
  isBeyond: boolean,
  other: string,
  nameError: boolean,
): string {
  if (value === 0) return `equal to ${other}`;
  const side = value > 0 ? "below" : "above";
  const size = Math.abs(value);
  if (Number.isNaN(standardError))
    return `${size.toPrecision(3)} ${side} ${other}, with an error that is not known`;
  const inPerplexity = withError(size, standardError, nameError ? "standard error " : "");
  const inNats = `${withError(Math.abs(nats.value), nats.standardError)} ${measures["log-loss difference"].unit}`;
  return `${inPerplexity} ${side} ${other}, ${inNats}${isBeyond ? "" : ", no difference beyond its error"}`;
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
