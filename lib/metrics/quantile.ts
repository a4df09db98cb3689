/** Linear between order statistics (Hyndman and Fan 1996, type 7). @param sorted ascending */
export function quantileOf(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const fraction = at - below;
  // Not written as low + f (high - low), which is NaN between two infinities.
  return fraction === 0 ? sorted[below] : (1 - fraction) * sorted[below] + fraction * sorted[below + 1];
}
