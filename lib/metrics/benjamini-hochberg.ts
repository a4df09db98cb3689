/**
 * Adjusted p-values (Benjamini and Hochberg 1995): rejecting those at most q keeps the expected share of false ones
 * among the rejected at q or below. A p-value of NaN was not tested: it stays NaN and does not count.
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const tested = p.flatMap((value, i) => (Number.isNaN(value) ? [] : [i])).sort((a, b) => p[b] - p[a]);
  const adjusted = p.map(() => NaN);
  let least = 1;
  tested.forEach((i, fromTop) => {
    least = Math.min(least, (p[i] * tested.length) / (tested.length - fromTop));
    adjusted[i] = least;
  });
  return adjusted;
}
