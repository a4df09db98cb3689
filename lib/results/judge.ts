import {
  equivalenceP,
  isEquivalent,
  type Measured,
  type MeasureId,
  type Measurement,
  pValueOf,
  standingOf,
  type WholeMeasure,
} from "../metrics";
import type { Claim } from "./claim";
import type { ClaimOutcome, Finding } from "./finding";

/** A number of ours that a claim is held against. */
export interface Evidence {
  survey: string;
  measure: MeasureId;
  /** With its error over test persons, the fit held fixed. */
  measured: Measured;
  /** The same over several fits with the whole error: then the judgement is by it. */
  whole?: WholeMeasure;
  /** What the error is over, where no fit has a part in it; it is then the whole one. */
  over?: string;
  oracle?: number;
  perplexity?: Finding["perplexity"];
  /** The p-value adjusted for the number of groups or events that it is one of; it takes the place of the interval. */
  among?: { p: number; of: number; what: string };
}

/**
 * Holds a claim against our number, by the one rule for all claims: beyond its error is `standingOf` a bound, equal is
 * `isEquivalent`; the error is the whole one where it is known. "Replicates" and "contradicts" are said only where somebody
 * published the same and the error is whole.
 */
export function judge(claim: Claim, evidence: Evidence): Finding {
  const { survey, measure, whole, oracle, perplexity, among } = evidence;
  const measured = whole ?? evidence.measured;
  const { expects } = claim;
  const bound = boundOf(claim);
  const side = among === undefined ? standingOf(measured, bound) : sideByP(measured, bound, among.p);
  const over = whole === undefined ? evidence.over : sourcesOf(whole);
  const isWhole = over !== undefined;
  const shown = (): ClaimOutcome =>
    !isWhole ? "supported for this fit" : claim.published === undefined ? "supported" : "replicates";
  const reversed = (): ClaimOutcome =>
    isWhole && claim.published !== undefined ? "contradicts the paper" : "not supported";
  const outcome = ((): ClaimOutcome => {
    switch (expects.is) {
      case "within":
        if (isEquivalent(measured, expects.of, expects.margin)) return shown();
        return side === "within" ? "no difference" : side === "not known" ? side : reversed();
      case "above":
        return side === "above" ? shown() : side === "below" ? reversed() : noSide(side);
      case "at most":
        // An exact number is or is not.
        if (measured.standardError === 0) return measured.value <= bound ? shown() : reversed();
        return side === "above" ? reversed() : side === "not known" ? side : "not contradicted";
      case "equal":
        return side === "within" ? "not contradicted" : side === "not known" ? side : reversed();
      case "either side":
        return side === "above" || side === "below" ? "answered" : noSide(side);
    }
  })();
  const p = among?.p ?? pOf(claim, measured, bound);
  return {
    ...{ survey, claim, measure, value: measured.value, standardError: evidence.measured.standardError },
    wholeError: isWhole ? measured.standardError : undefined,
    degrees: whole?.degrees,
    over,
    without: whole?.without ?? [],
    ...{ oracle, perplexity, side, outcome },
    p: Number.isNaN(p) ? undefined : p,
    among: among && { of: among.of, what: among.what },
  };
}

/** `judge` on a measurement. */
export function judgeMeasurement(
  claim: Claim,
  { survey, measure, estimate, persons, whole, among }: Measurement,
  more: Partial<Evidence> = {},
): Finding {
  return judge(claim, { survey, measure, measured: { ...estimate, persons }, whole, among, ...more });
}

/** NaN of an exact number, which is no test. */
function pOf({ expects }: Claim, measured: Measured, bound: number): number {
  if (expects.is === "within") return equivalenceP(measured, expects.of, expects.margin);
  return expects.is === "at most" && measured.standardError === 0 ? NaN : pValueOf(measured, bound);
}

function noSide(side: "within" | "not known"): ClaimOutcome {
  return side === "within" ? "no difference" : side;
}

function boundOf({ expects }: Claim): number {
  switch (expects.is) {
    case "above":
    case "at most":
      return expects.bound;
    case "equal":
      return expects.to;
    case "within":
    case "either side":
      return expects.of;
  }
}

/** Where a number is to a bound if so small a p-value is beyond its error. */
function sideByP({ value }: Measured, bound: number, p: number): Finding["side"] {
  if (Number.isNaN(value) || Number.isNaN(p)) return "not known";
  return p > 0.05 ? "within" : value > bound ? "above" : "below";
}

/** What a whole error is over: "114 persons, 3 seeds, 3 training samples". */
function sourcesOf({ overPersons, overSeeds, overSamples }: WholeMeasure): string {
  return [
    `${overPersons.of} persons`,
    ...(overSeeds === undefined ? [] : [`${overSeeds.of} seeds`]),
    ...(overSamples === undefined ? [] : [`${overSamples.of} training samples`]),
  ].join(", ");
}
