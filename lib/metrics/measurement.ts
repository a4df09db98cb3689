import { UserError } from "../errors";
import type { Estimate } from "./bootstrap";
import type { MeasureId } from "./measures";
import type { RowKind } from "./rows";
import type { WholeMeasure } from "./whole-error";

/** The person-years that a number is of. */
export interface Slice {
  /** By how the title changes; "all" of all. */
  transition: RowKind;
  /** Persons of one value of a covariate. */
  group?: { of: string; is: string };
  event?: string;
  /** Years from the last known observation to the one that is predicted. */
  ahead?: number | "all";
  /** What is held fixed: within groups of the same last known title and title that happened. */
  given?: "titles";
  /** The calendar year, or the first of several. */
  year?: number;
  /** What happened then, or what kind of year it is. */
  change?: string;
  /** Only those before which so many observations of the person were made, or more. */
  after?: number;
  /** Years from one observation to the next, where careers were thinned. */
  step?: number;
  /** Whose, where they are not the test persons'. */
  predicts?: "validation";
}

/** What stands for all persons where others are in groups. */
export const everyone = { of: "all", is: "everyone" } as const;

/** One measured number. The only form in which a number leaves this folder for tables, figures and claims. */
export interface Measurement {
  survey: string;
  /** Its name in the comparison, never words for a reader. */
  model: string;
  on: Slice;
  measure: MeasureId;
  /** The model that a difference is to, where the number is one; paired. */
  against?: string;
  /** Its errors are over persons, with the fit held fixed. */
  estimate: Estimate;
  /** The mean over several fits, with the error over persons, seeds and training samples together, where there are several. */
  whole?: WholeMeasure;
  /** p-value of the test that the measure stands for; NaN where it could not be tested. */
  p?: number;
  /** The p-value adjusted for the number of groups or events that it is one of (`withAdjustedP`). */
  among?: { p: number; of: number; what: string };
  persons: number;
  personYears: number;
}

/** Which measurements: those that have each of the values that are given. */
export interface MeasurementFilter {
  survey?: string;
  model?: string;
  measure?: MeasureId;
  against?: string;
  on?: Partial<Slice>;
}

/** The measurements that a filter asks for, in their order. */
export function where(
  measurements: readonly Measurement[],
  { on = {}, ...filter }: MeasurementFilter,
): Measurement[] {
  const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
  const slice = Object.entries(on).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return measurements.filter(
    (one) =>
      wanted.every(([name, value]) => one[name as keyof Measurement] === value) &&
      slice.every(([name, value]) => JSON.stringify(one.on[name as keyof Slice]) === value),
  );
}

/** The one measurement that a filter asks for. @throws UserError if there is none, or more than one */
export function only(measurements: readonly Measurement[], filter: MeasurementFilter): Measurement {
  const found = where(measurements, filter);
  if (found.length === 1) return found[0];
  const which = JSON.stringify(filter);
  if (found.length === 0) {
    const models = [...new Set(measurements.map(({ model }) => model))].join(", ");
    throw new UserError(
      `there is no measurement ${which}`,
      `Models that were measured: ${models || "none"}.`,
    );
  }
  throw new UserError(
    `there are ${found.length} measurements ${which}`,
    "Name survey, model, measure and, in `on`, which person-years.",
  );
}
