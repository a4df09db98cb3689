/** P(|Z| >= |z|) of a standard normal Z; relative error below 1e-12 up to 8 standard deviations. */
export function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (Number.isNaN(x)) return NaN;
  return x < 2.5 ? 1 - series(x) : fraction(x);
}

/** erf(x) = 2 / sqrt(pi) exp(-x²) sum of 2^n x^(2n+1) / (1 3 5 … (2n+1)) (Abramowitz and Stegun 1964, 7.1.6). */
function series(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) as a continued fraction (Abramowitz and Stegun 1964, 7.1.14), from its tail. */
function fraction(x: number): number {
  let tail = 0;
  for (let k = 80; k >= 1; k--) tail = k / 2 / (x + tail);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + tail));
}
