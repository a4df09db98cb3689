/** Title counts by context, for example by previous title. */
export class ContextCounts<Context> {
  private readonly counts = new Map<Context, { title: Float64Array; total: number }>();

  constructor(private readonly titles: number) {}

  add(context: Context, title: number, weight = 1): void {
    let entry = this.counts.get(context);
    if (entry === undefined) {
      entry = { title: new Float64Array(this.titles), total: 0 };
      this.counts.set(context, entry);
    }
    entry.title[title] += weight;
    entry.total += weight;
  }

  /**
   * (count(context, y) + alpha base(y)) / (count(context) + alpha), the mean of a Dirichlet posterior (MacKay
   * and Peto 1995), written as a weighted mean so that alpha = 0 and alpha = ∞ are the raw share and the base.
   * A context never seen gives the base for every alpha.
   */
  probability(context: Context, title: number, base: number, alpha: number): number {
    const entry = this.counts.get(context);
    if (entry === undefined) return base;
    const weight = entry.total / (entry.total + alpha);
    return (weight * entry.title[title]) / entry.total + (1 - weight) * base;
  }

  /** (J): `probability` of all titles. */
  row(context: Context, base: Float64Array, alpha: number): Float64Array {
    return base.map((p, j) => this.probability(context, j, p, alpha));
  }
}

const GRID = Array.from({ length: 37 }, (_, i) => 10 ** (-3 + i / 4)); // 0.001 to a million
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The concentration with the largest log-likelihood: the best of a grid from 0.001 to 1,000,000, refined by a
 * golden-section search between its neighbours (the likelihood need not have one peak only).
 */
export function chooseConcentration(logLikelihood: (alpha: number) => number): number {
  const values = GRID.map(logLikelihood);
  const best = values.reduce((top, value, i) => (value > values[top] ? i : top), 0);
  let low = Math.log(GRID[Math.max(0, best - 1)]);
  let high = Math.log(GRID[Math.min(GRID.length - 1, best + 1)]);
  while (high - low > 1e-4) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (logLikelihood(Math.exp(left)) >= logLikelihood(Math.exp(right))) high = right;
    else low = left;
  }
  const refined = Math.exp((low + high) / 2);
  return logLikelihood(refined) > values[best] ? refined : GRID[best];
}
