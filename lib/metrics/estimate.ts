import type { Estimate } from "./bootstrap";

/** A number whose error is not known, or that has none. */
export function exactly(value: number): Estimate {
  return { value, standardError: NaN, interval: [NaN, NaN] };
}

/** A number with a standard error and the normal distribution's 95 % interval. */
export function normally(value: number, standardError: number): Estimate {
  const reach = 1.96 * standardError;
  return { value, standardError, interval: [value - reach, value + reach] };
}
