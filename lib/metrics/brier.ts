import { counts, type EventForecast } from "./events";
import { type BinOptions, binsOf } from "./reliability";

/** Brier score = reliability - resolution + uncertainty + withinBins, exactly. */
export interface BrierDecomposition {
  /** Mean of (probability - event)²: 0 is perfect (Brier 1950). */
  brier: number;
  /** Mean over person-years of (mean probability - frequency)² of their bin: 0 is calibrated. */
  reliability: number;
  /** Mean over person-years of (frequency of their bin - frequency of all)²: how far the bins differ; more is better. */
  resolution: number;
  /** frequency of all (1 - frequency of all): the score of the one true constant. */
  uncertainty: number;
  /** What the bins leave out: their probabilities are not all equal (Stephenson, Coelho and Jolliffe 2008). */
  withinBins: number;
  /** 1 - brier / uncertainty: 0 is the constant, 1 perfect. */
  skill: number;
}

/** Murphy's (1973) decomposition over bins of equal mass. */
export function brierDecomposition(
  { probability, happened, weight }: EventForecast,
  options: BinOptions = {},
): BrierDecomposition {
  const bin = binsOf({ probability, weight }, options);
  const w = counts({ weight });
  const bins = Math.max(0, ...bin) + 1;
  const [count, said, events] = [0, 0, 0].map(() => new Float64Array(bins));
  for (let n = 0; n < probability.length; n++) {
    count[bin[n]] += w(n);
    said[bin[n]] += w(n) * probability[n];
    events[bin[n]] += w(n) * happened[n];
  }
  const rows = count.reduce((a, b) => a + b, 0);
  const base = events.reduce((a, b) => a + b, 0) / rows;
  const over = (term: (b: number) => number) =>
    count.reduce((sum, c, b) => sum + (c > 0 ? (c / rows) * term(b) : 0), 0);
  const brier = brierScores({ probability, happened }).reduce((a, b, n) => a + w(n) * b, 0) / rows;
  const uncertainty = base * (1 - base);
  const within = probability.reduce((sum, p, n) => {
    if (w(n) === 0) return sum;
    const deviation = p - said[bin[n]] / count[bin[n]];
    return sum + w(n) * deviation * (deviation - 2 * happened[n]);
  }, 0);
  return {
    brier,
    reliability: over((b) => ((said[b] - events[b]) / count[b]) ** 2),
    resolution: over((b) => (events[b] / count[b] - base) ** 2),
    uncertainty,
    withinBins: within / rows,
    skill: 1 - brier / uncertainty,
  };
}

/** (N): (probability - event)² of each person-year. */
export function brierScores({
  probability,
  happened,
}: Pick<EventForecast, "probability" | "happened">): Float64Array {
  return probability.map((p, n) => (p - happened[n]) ** 2);
}
