import type { TitleDistribution } from "../models/title-distribution";
import { withAdjustedP } from "./adjusted-p";
import { benjaminiHochberg } from "./benjamini-hochberg";
import { compareEvents, type EventComparisonOptions } from "./compare-events";
import { eventForecast, moveEvent, type TitleEvent } from "./events";
import type { Measurement } from "./measurement";
import {
  type RepresentativenessOptions,
  type RepresentativenessRow,
  representativeness,
} from "./representativeness";
import type { Subgroup } from "./subgroups";

/** A row of a table on a group; `adjustedP` corrects the row's p-value for the number of groups, model by model. */
export type Grouped<Row> = Row & { group: string; of: string; adjustedP: number };

/** `compareEvents` in each group, p-values adjusted for the number of groups; groups where the event cannot happen are left out. */
export function compareEventsByGroup(
  survey: string,
  models: Readonly<Record<string, TitleDistribution>>,
  event: TitleEvent,
  groups: readonly Subgroup[],
  options: Omit<EventComparisonOptions, "rows"> = {},
): Measurement[] {
  const found = withCases(models, event, groups).flatMap((group) =>
    compareEvents(survey, models, event, { ...options, rows: group.rows }).map((one) => inGroup(one, group)),
  );
  return withAdjustedP(found, "groups");
}

/**
 * `representativeness` in each group that has person-years with one before. `adjustedP` is of the test that the model
 * is the truth (`p`).
 */
export function representativenessByGroup(
  models: Readonly<Record<string, TitleDistribution>>,
  groups: readonly Subgroup[],
  options: Omit<RepresentativenessOptions, "rows"> = {},
): Grouped<RepresentativenessRow>[] {
  const rows = withCases(models, moveEvent, groups).flatMap((group) =>
    representativeness(models, { ...options, rows: group.rows }).map((row) => ({ ...row, ...named(group) })),
  );
  return adjusted(rows, ({ p }) => p);
}

function inGroup(one: Measurement, { name, of }: Subgroup): Measurement {
  return { ...one, on: { ...one.on, group: { of, is: name } } };
}

const named = ({ name, of }: Subgroup) => ({ group: name, of, adjustedP: NaN });

function withCases(
  models: Readonly<Record<string, TitleDistribution>>,
  event: TitleEvent,
  groups: readonly Subgroup[],
): Subgroup[] {
  const [first] = Object.values(models);
  return groups.filter(({ rows }) => eventForecast(first, event, { rows }).row.length > 0);
}

function adjusted<Row extends { model: string; adjustedP: number }>(
  rows: Row[],
  p: (row: Row) => number,
): Row[] {
  for (const model of new Set(rows.map((row) => row.model))) {
    const own = rows.filter((row) => row.model === model);
    benjaminiHochberg(own.map(p)).forEach((value, i) => {
      own[i].adjustedP = value;
    });
  }
  return rows;
}
