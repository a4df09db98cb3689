import { UserError } from "../errors";
import { counts, type EventForecast } from "./events";
import { quantileOf } from "./quantile";

/** Person-years of like probability: what was said of them, and what happened. */
export interface ReliabilityBin {
  personYears: number;
  persons: number;
  events: number;
  /** Least and greatest probability in the bin. */
  low: number;
  high: number;
  /** Mean probability; like the frequency, weighted where the forecast is. */
  probability: number;
  /** Share of person-years with the event, and its interval. */
  frequency: number;
  frequencyLow: number;
  frequencyHigh: number;
  /** Person-years that would tell as much if all were independent. */
  effective: number;
}

export interface BinOptions {
  /**
   * Bins of equal mass: edges are quantiles of the probabilities, of weighted ones where the sum of the weights reaches
   * its share. Equal probabilities stay together. Default 10.
   */
  bins?: number;
}

/** (N): the bin of each row, 0 to bins - 1; some may be empty where probabilities are tied. */
export function binsOf(
  { probability, weight }: Pick<EventForecast, "probability" | "weight">,
  { bins = 10 }: BinOptions = {},
): Int32Array {
  if (!(Number.isInteger(bins) && bins >= 1)) {
    throw new UserError(`bins is ${bins}`, "Give a whole number of at least 1.");
  }
  const edges = weight === undefined ? edgesOf(probability, bins) : weightedEdges(probability, weight, bins);
  return Int32Array.from(probability, (p) => edges.filter((edge) => edge < p).length);
}

function edgesOf(probability: Float64Array, bins: number): number[] {
  const sorted = probability.slice().sort();
  return Array.from({ length: bins - 1 }, (_, b) => quantileOf(sorted, (b + 1) / bins));
}

/** Least probabilities up to which the weights reach their share of the sum: the same whatever the weights' unit. */
function weightedEdges(probability: Float64Array, weight: Float64Array, bins: number): number[] {
  const total = weight.reduce((a, b) => a + b, 0);
  const edges: number[] = [];
  let reached = 0;
  for (const n of Array.from(probability.keys()).sort((a, b) => probability[a] - probability[b])) {
    reached += weight[n];
    while (edges.length < bins - 1 && reached >= ((edges.length + 1) / bins) * total)
      edges.push(probability[n]);
  }
  return edges;
}

/**
 * Reliability diagram: probability against frequency in bins of equal mass, empty ones left out. The interval is
 * Wilson's (1927) for the effective number of person-years, that is, with the variance of a share clustered by
 * person (Korn and Graubard 1998); never more than the person-years themselves, or as many as tell as much as
 * unequal weights do (Kish 1965).
 */
export function reliabilityBins(forecast: EventForecast, options: BinOptions = {}): ReliabilityBin[] {
  const { probability, happened, person } = forecast;
  const bin = binsOf(forecast, options);
  const w = counts(forecast);
  const numbers = [...new Set(bin)].sort((a, b) => a - b);
  return numbers.flatMap((number) => {
    const rows = Array.from(bin.keys()).filter((n) => bin[n] === number && w(n) > 0);
    if (rows.length === 0) return [];
    const own = rows.map((n) => probability[n]);
    const sum = (value: (n: number) => number) => rows.reduce((total, n) => total + value(n), 0);
    const total = sum(w);
    const frequency = sum((n) => w(n) * happened[n]) / total;
    const deviation = new Map<number, number>();
    for (const n of rows) {
      const own = deviation.get(person[n]) ?? 0;
      deviation.set(person[n], own + w(n) * happened[n] - w(n) * frequency);
    }
    const clustered = [...deviation.values()].reduce((squares, d) => squares + d * d, 0) / total ** 2;
    const independent = frequency * (1 - frequency);
    const most = total ** 2 / sum((n) => w(n) ** 2);
    const effective = independent > 0 ? Math.min(most, independent / clustered) : most;
    const [frequencyLow, frequencyHigh] = wilson(frequency, effective);
    return {
      personYears: rows.length,
      persons: deviation.size,
      events: sum((n) => happened[n]),
      low: Math.min(...own),
      high: Math.max(...own),
      probability: sum((n) => w(n) * probability[n]) / total,
      frequency,
      frequencyLow,
      frequencyHigh,
      effective,
    };
  });
}

/** 95 % interval of a share among n independent cases (Wilson 1927). */
export function wilson(share: number, n: number): [number, number] {
  const z = 1.959963984540054;
  const centre = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
