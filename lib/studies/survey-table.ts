import {
  type CareerPanel,
  describePanel,
  educationLevels,
  type PanelDescription,
  type Share,
} from "../careers";
import type { TableRow } from "../figures";

type Fact = [name: string, of: (d: PanelDescription) => string];

/**
 * The data table of a paper: a row for each fact, a column for each survey. Shares are in per cent; those of
 * transitions, states and education are of person-years, those of demographics of persons.
 */
export function surveyTable(panels: readonly CareerPanel[]): TableRow[] {
  const descriptions = panels.map(describePanel);
  const facts: Fact[] = [
    ["persons", (d) => d.persons.toLocaleString("en-US")],
    ["person-years", (d) => d.personYears.toLocaleString("en-US")],
    ["observations a person, mean", (d) => d.meanLength.toFixed(2)],
    ["years", (d) => d.years?.join(" to ") ?? "–"],
    ["birth years", (d) => d.birthYears?.join(" to ") ?? "–"],
    ["titles", (d) => String(d.titles)],
    ["titles that occur", (d) => String(d.titlesObserved)],
    ["first observations", (d) => percent(d.transitions.first)],
    ["moves", (d) => percent(d.transitions.move)],
    ["stays", (d) => percent(d.transitions.stay)],
    ...shareFacts(descriptions, "state", (d) => d.specialStates),
    ...shareFacts(descriptions, "education", (d) => d.education, educationLevels),
    ...shareFacts(descriptions, "gender", (d) => d.gender),
    ...shareFacts(descriptions, "ethnicity", (d) => d.ethnicity),
    ...shareFacts(descriptions, "region", (d) => d.region),
  ];
  return facts.map(([fact, of]) => ({
    fact,
    ...Object.fromEntries(descriptions.map((d) => [d.name, of(d)])),
  }));
}

/** A fact for each value that any survey has: in the given order, then by its largest share; missing last. */
function shareFacts(
  descriptions: readonly PanelDescription[],
  what: string,
  sharesOf: (d: PanelDescription) => readonly Share[],
  order: readonly string[] = [],
): Fact[] {
  const largest = new Map<string | null, number>();
  for (const d of descriptions) {
    for (const { value, share } of sharesOf(d)) largest.set(value, Math.max(share, largest.get(value) ?? 0));
  }
  const rank = (value: string | null) => {
    if (value === null) return Number.POSITIVE_INFINITY;
    const place = order.indexOf(value);
    return place === -1 ? order.length + 1 - largest.get(value)! : place;
  };
  return [...largest.keys()]
    .sort((a, b) => rank(a) - rank(b))
    .map((value) => [
      `${what}: ${value ?? "missing"}`,
      (d) => percent(sharesOf(d).find((one) => one.value === value)?.share ?? 0),
    ]);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
