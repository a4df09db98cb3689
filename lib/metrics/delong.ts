import { UserError } from "../errors";
import type { ClosedFormEstimate } from "./cluster-robust";
import { checkSameCases, counts, type EventForecast } from "./events";

export interface DeLongOptions {
  /**
   * What is independent: "row" is DeLong's own assumption, "person" allows any dependence between the years of one
   * person (Obuchowski 1997). Default "person".
   */
  independent?: "row" | "person";
}

/**
 * AUC and its standard error in closed form (DeLong, DeLong and Clarke-Pearson 1988; Obuchowski 1997 by person).
 * @returns an error of NaN where the event happened in fewer than two units, or in all but one
 */
export function deLong(forecast: EventForecast, options: DeLongOptions = {}): ClosedFormEstimate {
  const { area, placement } = placements(forecast);
  return { value: area, standardError: errorOf(forecast, placement, area, options) };
}

/**
 * AUC of a less that of b on the same person-years, with the paired standard error.
 * @throws UserError if the person-years differ
 */
export function deLongDifference(
  a: EventForecast,
  b: EventForecast,
  options: DeLongOptions = {},
): ClosedFormEstimate {
  checkSameCases({ a, b });
  const [own, other] = [placements(a), placements(b)];
  const difference = own.placement.map((v, n) => v - other.placement[n]);
  const value = own.area - other.area;
  return { value, standardError: errorOf(a, difference, value, options) };
}

/**
 * (N): of a row with the event, the share of rows without it that have a lower probability; of a row without, the
 * share of rows with it that have a higher one; ties count half. The mean over either kind is the AUC.
 */
function placements(forecast: EventForecast): { area: number; placement: Float64Array } {
  const { probability, happened } = forecast;
  const w = counts(forecast);
  const ofKind = (kind: number) => {
    const rows = Array.from(probability.keys()).filter((n) => happened[n] === kind);
    rows.sort((a, b) => probability[a] - probability[b]);
    const reached = new Float64Array(rows.length + 1); // weight of the first k rows
    rows.forEach((n, k) => {
      reached[k + 1] = reached[k] + w(n);
    });
    return { sorted: Float64Array.from(rows, (n) => probability[n]), reached, total: reached[rows.length] };
  };
  const [without, having] = [ofKind(0), ofKind(1)];
  const placement = Float64Array.from(probability, (p, n) => {
    const { sorted, reached, total } = happened[n] ? without : having;
    const [below, upTo] = [countBelow(sorted, p, false), countBelow(sorted, p, true)];
    const lower = (reached[below] + reached[upTo]) / 2;
    return (happened[n] ? lower : total - lower) / total;
  });
  const area = placement.reduce((sum, v, n) => sum + (happened[n] ? w(n) * v : 0), 0) / having.total;
  return { area: without.total === 0 ? NaN : area, placement };
}

/** How many of the sorted values are below p; or at most p. */
function countBelow(sorted: Float64Array, p: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < p || (orEqual && sorted[middle] === p)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Sums of the placements' deviations over each unit, of rows with and without the event, and what they spread. */
function errorOf(
  { happened, person, event, weight }: EventForecast,
  placement: Float64Array,
  mean: number,
  { independent = "person" }: DeLongOptions,
): number {
  if (independent !== "row" && independent !== "person") {
    throw new UserError(`independent is ${JSON.stringify(independent)}`, 'Take "row" or "person".');
  }
  if (Number.isNaN(mean)) return NaN;
  const w = counts({ weight });
  const totals = [0, 0];
  happened.forEach((y, n) => {
    totals[y] += w(n);
  });
  const units = new Map<number, { sums: [number, number]; rows: [number, number] }>();
  happened.forEach((y, n) => {
    if (w(n) === 0) return;
    const key = independent === "row" ? n : person[n];
    const unit = units.get(key) ?? { sums: [0, 0], rows: [0, 0] };
    units.set(key, unit);
    unit.sums[y] += (w(n) * (placement[n] - mean)) / totals[y];
    unit.rows[y]++;
  });
  const all = [...units.values()];
  const spread = (kind: number) => {
    const present = all.filter(({ rows }) => rows[kind] > 0).length;
    return (present / (present - 1)) * all.reduce((sum, { sums }) => sum + sums[kind] ** 2, 0);
  };
  const shared = all.reduce((sum, { sums }) => sum + sums[0] * sums[1], 0) * (all.length / (all.length - 1));
  const variance = spread(0) + spread(1) + 2 * shared;
  if (variance < -1e-12) throw new Error(`the variance of the AUC of "${event}" came out as ${variance}`);
  return Math.sqrt(Math.max(0, variance));
}
