import { studentQuantile, studentTwoSided } from "./student";

/** A number of ours and its error. */
export interface Measured {
  value: number;
  standardError: number;
  /** Ends of the 95 % interval of the bootstrap, where there is one. */
  interval?: readonly [number, number];
  /** Persons that it is a mean over; where they are few the normal distribution rejects too often. */
  persons?: number;
  /** Degrees of freedom of the standard error, where it is not over persons alone. Default: persons - 1. */
  degrees?: number;
}

/**
 * Where a number stands to a bound, the one rule for all claims: "above" and "below" are beyond its error, that is,
 * by more than the 97.5 % quantile of Student's t with the error's degrees of freedom (persons - 1) times its
 * standard error, and with the bound outside the bootstrap's interval. "within" is a failure to reject, not a proof of
 * equality (`isEquivalent`).
 */
export function standingOf(measured: Measured, bound = 0): "above" | "below" | "within" | "not known" {
  const { value, standardError, interval } = measured;
  if (Number.isNaN(value) || Number.isNaN(standardError)) return "not known";
  // A model that held the possible impossible is infinitely far.
  if (Math.abs(value) === Infinity) return value > 0 ? "above" : "below";
  const [low, high] = interval ?? [value, value];
  const reach = reachOf(measured, 0.975);
  if (value - reach > bound && low > bound) return "above";
  if (value + reach < bound && high < bound) return "below";
  return "within";
}

/**
 * Whether a number is the same as another within a margin: two one-sided tests at 5 % each (Schuirmann 1987), that is,
 * the 90 % interval lies within the margin.
 * @param margin in the number's own unit, above 0
 */
export function isEquivalent(measured: Measured, to: number, margin: number): boolean {
  const reach = reachOf(measured, 0.95);
  return Math.abs(measured.value - to) + reach < margin;
}

/** Two-sided p-value of a number that is the bound but for its error, by Student's t; NaN where the error is not known. */
export function pValueOf(
  { value, standardError, persons = Infinity, degrees = persons - 1 }: Measured,
  bound = 0,
): number {
  if (Number.isNaN(value) || Number.isNaN(standardError) || !(degrees > 0)) return NaN;
  if (value === bound) return 1;
  return studentTwoSided((value - bound) / standardError, degrees);
}

/** p-value of the two one-sided tests of `isEquivalent`: the larger of both. */
export function equivalenceP(measured: Measured, to: number, margin: number): number {
  const off = measured.value - to;
  const nearer = { ...measured, value: margin - Math.abs(off) };
  const p = pValueOf(nearer);
  return nearer.value > 0 ? p / 2 : 1 - p / 2;
}

/** Half of an interval: so many standard errors as Student's t has to its quantile. */
function reachOf({ standardError, persons = Infinity, degrees = persons - 1 }: Measured, p: number): number {
  return degrees > 0 ? studentQuantile(p, degrees) * standardError : Infinity;
}
