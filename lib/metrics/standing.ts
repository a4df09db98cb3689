/** A number of ours and its error. */
export interface Measured {
  value: number;
  standardError: number;
  /** Ends of the 95 % interval of the bootstrap, where there is one. */
  interval?: readonly [number, number];
  /** Persons that it is a mean over; where they are few the normal distribution rejects too often. */
  persons?: number;
}

/**
 * Where a number stands to a bound, the one rule for all claims: "above" and "below" are beyond its error, that is,
 * by more than the 97.5 % quantile of Student's t with persons - 1 degrees of freedom times its standard error, and
 * with the bound outside the bootstrap's interval. "within" is a failure to reject, not a proof of equality
 * (`isEquivalent`).
 */
export function standingOf(measured: Measured, bound = 0): "above" | "below" | "within" | "not known" {
  const { value, standardError, interval } = measured;
  if (Number.isNaN(value) || Number.isNaN(standardError)) return "not known";
  // A model that held the possible impossible is infinitely far.
  if (Math.abs(value) === Infinity) return value > 0 ? "above" : "below";
  const [low, high] = interval ?? [value, value];
  const reach = studentQuantile(0.975, measured) * standardError;
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
  const reach = studentQuantile(0.95, measured) * measured.standardError;
  return Math.abs(measured.value - to) + reach < margin;
}

const NORMAL = { 0.975: 1.959963984540054, 0.95: 1.6448536269514722 } as const;

/** Quantile of Student's t by its expansion about the normal one (Abramowitz and Stegun 1964, 26.7.5); 1e-3 from 10 degrees on. */
export function studentQuantile(
  p: keyof typeof NORMAL,
  { persons = Infinity }: Pick<Measured, "persons"> = {},
): number {
  const z = NORMAL[p];
  const n = persons - 1;
  if (!(n > 0)) return Infinity;
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  return (
    z +
    (z3 + z) / (4 * n) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * n ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n ** 3)
  );
}
