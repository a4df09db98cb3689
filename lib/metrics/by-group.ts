import type { TitleDistribution } from "../predictions";
import { withAdjustedP } from "./adjusted-p";
import { compareEvents, type EventComparisonOptions } from "./compare-events";
import { eventForecast, moveEvent, type TitleEvent } from "./events";
import type { Measurement } from "./measurement";
import { type RepresentativenessOptions, representativeness } from "./representativeness";
import type { Subgroup } from "./subgroups";

/** `compareEvents` in each group, p-values adjusted for the number of groups; groups where the event cannot happen are left out. */
export function compareEventsByGroup(
  survey: string,
  models: Readonly<Record<string, TitleDistribution>>,
  event: TitleEvent,
  groups: readonly Subgroup[],
  options: Omit<EventComparisonOptions, "rows"> = {},
): Measurement[] {
  return inEach(withCases(models, event, groups), ({ rows }) =>
    compareEvents(survey, models, event, { ...options, rows }),
  );
}

/** `representativeness` in each group that has person-years with one before, p-values adjusted for the number of groups. */
export function representativenessByGroup(
  survey: string,
  models: Readonly<Record<string, TitleDistribution>>,
  groups: readonly Subgroup[],
  options: Omit<RepresentativenessOptions, "rows"> = {},
): Measurement[] {
  return inEach(withCases(models, moveEvent, groups), ({ rows }) =>
    representativeness(survey, models, { ...options, rows }),
  );
}

function inEach(groups: readonly Subgroup[], measure: (group: Subgroup) => Measurement[]): Measurement[] {
  const found = groups.flatMap((group) =>
    measure(group).map((one): Measurement => {
      return { ...one, on: { ...one.on, group: { of: group.of, is: group.name } } };
    }),
  );
  return withAdjustedP(found, "groups");
}

function withCases(
  models: Readonly<Record<string, TitleDistribution>>,
  event: TitleEvent,
  groups: readonly Subgroup[],
): Subgroup[] {
  const [first] = Object.values(models);
  return groups.filter(({ rows }) => eventForecast(first, event, { rows }).row.length > 0);
}
