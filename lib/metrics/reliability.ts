import { UserError } from "../errors";
import type { EventForecast } from "./events";
import { quantileOf } from "./quantile";

/** Person-years of like probability: what was said of them, and what happened. */
export interface ReliabilityBin {
  personYears: number;
  persons: number;
  events: number;
  /** Least and greatest probability in the bin. */
  low: number;
  high: number;
  /** Mean probability. */
  probability: number;
  /** Share of person-years with the event, and its interval. */
  frequency: number;
  frequencyLow: number;
  frequencyHigh: number;
  /** Person-years that would tell as much if all were independent. */
  effective: number;
}

export interface BinOptions {
  /** Bins of equal mass: edges are quantiles of the probabilities. Equal probabilities stay together. Default 10. */
  bins?: number;
}

/** (N): the bin of each row, 0 to bins - 1; some may be empty where probabilities are tied. */
export function binsOf(probability: Float64Array, { bins = 10 }: BinOptions = {}): Int32Array {
  if (!(Number.isInteger(bins) && bins >= 1)) {
    throw new UserError(`bins is ${bins}`, "Give a whole number of at least 1.");
  }
  const sorted = probability.slice().sort();
  const edges = Array.from({ length: bins - 1 }, (_, b) => quantileOf(sorted, (b + 1) / bins));
  return Int32Array.from(probability, (p) => edges.filter((edge) => edge < p).length);
}

/**
 * Reliability diagram: probability against frequency in bins of equal mass, empty ones left out. The interval is
 * Wilson's (1927) for the effective number of person-years, that is, with the variance of a share clustered by
 * person (Korn and Graubard 1998); never more than the person-years themselves.
 */
export function reliabilityBins(forecast: EventForecast, options: BinOptions = {}): ReliabilityBin[] {
  const { probability, happened, person } = forecast;
  const bin = binsOf(probability, options);
  const numbers = [...new Set(bin)].sort((a, b) => a - b);
  return numbers.map((number) => {
    const rows = Array.from(bin.keys()).filter((n) => bin[n] === number);
    const own = rows.map((n) => probability[n]);
    const events = rows.reduce((sum, n) => sum + happened[n], 0);
    const frequency = events / rows.length;
    const deviation = new Map<number, number>();
    for (const n of rows) deviation.set(person[n], (deviation.get(person[n]) ?? 0) + happened[n] - frequency);
    const clustered = [...deviation.values()].reduce((sum, d) => sum + d * d, 0) / rows.length ** 2;
    const independent = frequency * (1 - frequency);
    const effective = independent > 0 ? Math.min(rows.length, independent / clustered) : rows.length;
    const [frequencyLow, frequencyHigh] = wilson(frequency, effective);
    return {
      personYears: rows.length,
      persons: deviation.size,
      events,
      low: Math.min(...own),
      high: Math.max(...own),
      probability: own.reduce((sum, p) => sum + p, 0) / own.length,
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
