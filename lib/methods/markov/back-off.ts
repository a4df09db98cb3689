import { UserError } from "../../errors";

/** Title counts by context, for example by previous title. */
export class ContextCounts {
  private readonly counts = new Map<string, { title: Float64Array; total: number }>();

  constructor(private readonly titles: number) {}

  /** Contexts that were seen. */
  get size(): number {
    return this.counts.size;
  }

  add(context: string, title: number, count = 1): void {
    let entry = this.counts.get(context);
    if (entry === undefined) {
      entry = { title: new Float64Array(this.titles), total: 0 };
      this.counts.set(context, entry);
    }
    entry.title[title] += count;
    entry.total += count;
  }

  /** The counts that are not zero: C contexts, M counts of them. */
  store(): StoredCounts {
    const [starts, title, count]: [number[], number[], number[]] = [[0], [], []];
    for (const entry of this.counts.values()) {
      entry.title.forEach((times, j) => {
        if (times === 0) return;
        title.push(j);
        count.push(times);
      });
      starts.push(title.length);
    }
    return {
      contexts: [...this.counts.keys()],
      starts: Int32Array.from(starts),
      title: Int32Array.from(title),
      count: Float64Array.from(count),
    };
  }

  /** @throws UserError if they are no counts of so many titles */
  static restore(
    { contexts, starts, title, count }: StoredCounts,
    titles: number,
    source: string,
  ): ContextCounts {
    const counts = new ContextCounts(titles);
    contexts.forEach((context, c) => {
      for (let m = starts[c]; m < starts[c + 1]; m++) {
        if (title[m] < titles && count[m] > 0) counts.add(context, title[m], count[m]);
      }
    });
    const kept = counts.size === contexts.length && starts[contexts.length] === title.length;
    if (kept && title.every((j) => j >= 0 && j < titles) && count.every((times) => times > 0)) return counts;
    throw new UserError(`${source}: no table of counts of ${titles} titles`, "Fit the model again.");
  }

  /** How often the title was seen in the context, and how often the context. */
  of(context: string, title: number): [count: number, total: number] {
    const entry = this.counts.get(context);
    return entry === undefined ? [0, 0] : [entry.title[title], entry.total];
  }

  /** `posteriorMean` of a title in a context. */
  probability(context: string, title: number, base: number, alpha: number): number {
    const [count, total] = this.of(context, title);
    return posteriorMean(count, total, base, alpha);
  }

  /** (J): `probability` of all titles. */
  row(context: string, base: Float64Array, alpha: number): Float64Array {
    return base.map((p, j) => this.probability(context, j, p, alpha));
  }
}

/**
 * (count + alpha base) / (total + alpha), the mean of a Dirichlet posterior (MacKay and Peto 1995), written as a
 * weighted mean so that alpha = 0 and alpha = ∞ are the raw share and the base. What was never seen has the base for
 * every alpha.
 */
export function posteriorMean(count: number, total: number, base: number, alpha: number): number {
  if (total === 0) return base;
  const weight = total / (total + alpha);
  return (weight * count) / total + (1 - weight) * base;
}

/** Counts as arrays: those of context c are starts[c] … starts[c + 1] - 1. */
export interface StoredCounts {
  contexts: readonly string[];
  /** (C + 1) */
  starts: Int32Array;
  /** (M) */
  title: Int32Array;
  /** (M) */
  count: Float64Array;
}

/** From 1: with less than a pseudo-count, a cell that was seen once outweighs all that stands behind it. */
const GRID = Array.from({ length: 25 }, (_, i) => 10 ** (i / 4)); // to a million
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The concentration with the largest log-likelihood: the best of a grid from 1 to 1,000,000, refined by a
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
