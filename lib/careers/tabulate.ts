import type { CareerPanel } from "./panel";

/** What a title is counted under, for example its major group; the title itself by default. */
export type Grouping = (title: string) => string;

/** Shares of groups in each calendar year. */
export interface SharesByYear {
  /** Ascending; years without a person-year are left out. */
  years: number[];
  /** One for each group: its share of the person-years of each year, between 0 and 1. */
  series: { name: string; shares: number[] }[];
}

/** The groups of a panel's titles, in the order of the titles; those that no one held are left out. */
function observedGroups(panel: CareerPanel, group: Grouping): string[] {
  const held = new Set(panel.careers.flatMap(({ observations }) => observations.map(({ title }) => title)));
  return [...new Set(panel.titles.titles.filter((title) => held.has(title)).map(group))];
}

/** The share of each group among the person-years of each year. */
export function sharesByYear(panel: CareerPanel, group: Grouping = (title) => title): SharesByYear {
  const names = observedGroups(panel, group);
  const position = new Map(names.map((name, i) => [name, i]));
  const counts = new Map<number, Float64Array>(); // year: (groups)
  for (const { observations } of panel.careers) {
    for (const { year, title } of observations) {
      const row = counts.get(year) ?? new Float64Array(names.length);
      counts.set(year, row);
      row[position.get(group(title))!]++;
    }
  }
  const years = [...counts.keys()].sort((a, b) => a - b);
  const totals = years.map((year) => counts.get(year)!.reduce((a, b) => a + b, 0));
  const series = names.map((name, i) => ({
    name,
    shares: years.map((year, t) => counts.get(year)![i] / totals[t]),
  }));
  return { years, series };
}

/** How often people go from one group to another, from one observation to the next. */
export interface TransitionTable {
  groups: string[];
  /** (groups, groups): pairs of observations, from the row's group to the column's. */
  counts: number[][];
  /** (groups, groups): the same as shares of the row; NaN in the row of a group that was never left or kept. */
  shares: number[][];
}

/** Counts of pairs of successive observations of a person, by group. */
export function transitionTable(panel: CareerPanel, group: Grouping = (title) => title): TransitionTable {
  const groups = observedGroups(panel, group);
  const position = new Map(groups.map((name, i) => [name, i]));
  const counts = groups.map(() => groups.map(() => 0));
  for (const { observations } of panel.careers) {
    for (let i = 1; i < observations.length; i++) {
      const from = position.get(group(observations[i - 1].title))!;
      counts[from][position.get(group(observations[i].title))!]++;
    }
  }
  const shares = counts.map((row) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((n) => n / total);
  });
  return { groups, counts, shares };
}
