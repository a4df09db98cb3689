import type { Measurement } from "../metrics";

/** A measurement as a row of plain columns, for arquero or danfojs. */
export interface FlatMeasurement {
  survey: string;
  model: string;
  measure: string;
  against: string | undefined;
  value: number;
  standardError: number;
  low: number;
  high: number;
  /** Over test persons, seeds and training samples together, where it is known. */
  wholeError: number | undefined;
  persons: number;
  personYears: number;
  /** The slice; undefined where it is of all. */
  transition: string;
  groupOf: string | undefined;
  group: string | undefined;
  event: string | undefined;
  ahead: string | undefined;
  year: number | undefined;
}

/** Measurements as rows that a table can filter, group and pivot: one a number. */
export function flatMeasurements(measurements: readonly Measurement[]): FlatMeasurement[] {
  return measurements.map(({ on, estimate, whole, ...one }) => ({
    survey: one.survey,
    model: one.model,
    measure: one.measure,
    against: one.against,
    value: estimate.value,
    standardError: estimate.standardError,
    low: estimate.interval[0],
    high: estimate.interval[1],
    wholeError: whole?.standardError,
    persons: one.persons,
    personYears: one.personYears,
    transition: on.transition,
    groupOf: on.group?.of,
    group: on.group?.is,
    event: on.event,
    ahead: on.ahead === undefined ? undefined : String(on.ahead),
    year: on.year,
  }));
}
