import { logGamma } from "./log-gamma";

/** Quantile of the chi-squared distribution, by bisection; relative error below 1e-9. @param degrees a whole number of at least 1 */
export function chiSquaredQuantile(p: number, degrees: number): number {
  let [low, high] = [0, degrees];
  while (chiSquaredBelow(high, degrees) < p) high *= 2;
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (chiSquaredBelow(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(X <= x), the regularised lower gamma function of degrees / 2 at x / 2, by its series (Abramowitz and Stegun 1964, 6.5.29). */
function chiSquaredBelow(x: number, degrees: number): number {
  const [a, half] = [degrees / 2, x / 2];
  if (x <= 0) return 0;
  let term = Math.exp(a * Math.log(half) - half - logGamma(a + 1));
  let sum = 0;
  for (let n = 1; term > 1e-16 * sum || n < half; n++) {
    sum += term;
    term *= half / (a + n);
  }
  return sum;
}
