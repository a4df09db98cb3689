import { type Measurement, only } from "labor-llm/dist/metrics";
import type { MeasurementFilter } from "labor-llm/dist/metrics/measurement";

/** The value of the one measurement that a filter asks for. */
export function numberOf(measurements: readonly Measurement[], filter: MeasurementFilter): number {
  return only(measurements, filter).estimate.value;
}

/** Measurements as flat rows, a row for each model and slice: every number that they hold under a name of its own. */
export function flatRows(measurements: readonly Measurement[]): Record<string, string | number>[] {
  const rows = new Map<string, Record<string, string | number>>();
  for (const { model, on, measure, against, estimate, p, among, persons, personYears } of measurements) {
    const key = JSON.stringify([model, on]);
    const row = rows.get(key) ?? { model, on: JSON.stringify(on), persons, personYears };
    rows.set(key, row);
    const { value, standardError, interval } = estimate;
    row[measure] = value;
    row[`${measure}, error`] = standardError;
    row[`${measure}, low`] = interval[0];
    row[`${measure}, high`] = interval[1];
    if (against !== undefined) row[`${measure}, against`] = against;
    if (p !== undefined) row[`${measure}, p`] = p;
    if (among !== undefined) row[`${measure}, adjusted p`] = among.p;
  }
  return [...rows.values()];
}
