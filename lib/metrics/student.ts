import { logGamma } from "./log-gamma";

/**
 * Quantile of Student's t, by bisection of its tail; relative error below 1e-9 up to 1e5 degrees and 2e-5 beyond.
 * @param p above 0.5, below 1
 * @param degrees above 0, whole or not; Infinity is the normal distribution
 */
export function studentQuantile(p: number, degrees: number): number {
  const nu = Math.min(degrees, 1e5); // the normal one is 1.2e-5 below
  const above = (t: number) => betaBelow(nu / (nu + t * t), nu / 2) / 2; // P(T > t)
  let [low, high] = [0, 1];
  while (above(high) > 1 - p) high *= 2;
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (above(middle) > 1 - p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(|T| >= |t|) of Student's t. @param degrees above 0, whole or not; above 1e5 as 1e5 */
export function studentTwoSided(t: number, degrees: number): number {
  const nu = Math.min(degrees, 1e5);
  return betaBelow(nu / (nu + t * t), nu / 2);
}

/** P(B <= x) of a beta variable with parameters a and 1/2 (Abramowitz and Stegun 1964, 26.5.8, by Lentz's method). */
function betaBelow(x: number, a: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const half = 0.5;
  const front = Math.exp(
    logGamma(a + half) - logGamma(a) - logGamma(half) + a * Math.log(x) + half * Math.log1p(-x),
  );
  // The fraction converges fast on one side of the mean only.
  return x < (a + 1) / (a + 2.5)
    ? (front * fraction(x, a, half)) / a
    : 1 - (front * fraction(1 - x, half, a)) / half;
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1, change = 0; Math.abs(change - 1) > 1e-15 && m < 10_000; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + term * d);
      c = 1 + term / c;
      change = c * d;
      value *= change;
    }
  }
  return value;
}
