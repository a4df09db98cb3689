import { isSpecialState } from "../occupations";
import type { CareerPanel } from "./panel";
import type { RowAccount } from "./row-account";

/** A value and its share; `value` is null for missing. */
export interface Share {
  value: string | null;
  share: number;
}

/** The facts about a panel that a reader of its perplexities needs. Shares lie between 0 and 1. */
export interface PanelDescription {
  name: string;
  surveyTag: string;
  persons: number;
  personYears: number;
  /** Size of the closed set of titles, and how many of them occur. */
  titles: number;
  titlesObserved: number;
  /** First and last calendar year; null for an empty panel. */
  years: [number, number] | null;
  /** First and last birth year; null where no one has one. */
  birthYears: [number, number] | null;
  /** Person-years a person. */
  meanLength: number;
  /** Of all person-years: the person's first; a title other than the one before; the same as the one before. */
  transitions: { first: number; move: number; stay: number };
  /** Of the person-years that have one before: those with the same title. */
  stayRate: number;
  /** Of person-years, most frequent first; titles that do not occur are left out. */
  titleShares: Share[];
  /** Of person-years: the states without a job, each and together. */
  specialStates: Share[];
  specialStateShare: number;
  /** Of person-years. */
  education: Share[];
  /** Of persons. */
  gender: Share[];
  ethnicity: Share[];
  region: Share[];
  /** What became of the rows of the survey's files; absent where it was not read from files. */
  rows?: RowAccount;
  /** What the survey's files could not tell; absent where nothing is known to lack. */
  losses?: readonly string[];
}

/** Counts of values, missing among them. */
class Tally {
  private readonly counts = new Map<string | null, number>();
  private total = 0;

  add(value: string | undefined): void {
    this.counts.set(value ?? null, (this.counts.get(value ?? null) ?? 0) + 1);
    this.total++;
  }

  get observed(): number {
    return this.counts.size;
  }

  /** Most frequent first; ties by value, so that the order does not hang on that of the careers. */
  shares(): Share[] {
    return [...this.counts]
      .sort(([a, m], [b, n]) => n - m || ((a ?? "") < (b ?? "") ? -1 : 1))
      .map(([value, n]) => ({ value, share: n / this.total }));
  }
}

/** Describes a panel: sizes, years, kinds of transition, shares of titles and covariates. */
export function describePanel(panel: CareerPanel): PanelDescription {
  const tally = {
    title: new Tally(),
    education: new Tally(),
    gender: new Tally(),
    ethnicity: new Tally(),
    region: new Tally(),
  };
  const years = new Range();
  const birthYears = new Range();
  let personYears = 0;
  let moves = 0;
  let stays = 0;
  for (const { covariates, observations } of panel.careers) {
    for (const field of ["gender", "ethnicity", "region"] as const) tally[field].add(covariates[field]);
    if (covariates.birthYear !== undefined) birthYears.add(covariates.birthYear);
    observations.forEach(({ year, title, education }, i) => {
      personYears++;
      if (i > 0) title === observations[i - 1].title ? stays++ : moves++;
      years.add(year);
      tally.title.add(title);
      tally.education.add(education);
    });
  }
  const persons = panel.careers.length;
  const share = (n: number, of: number) => (of === 0 ? 0 : n / of);
  const titleShares = tally.title.shares();
  const specialStates = titleShares.filter(({ value }) => value !== null && isSpecialState(value));
  return {
    name: panel.name,
    surveyTag: panel.surveyTag,
    persons,
    personYears,
    titles: panel.titles.size,
    titlesObserved: tally.title.observed,
    years: years.ends,
    birthYears: birthYears.ends,
    meanLength: share(personYears, persons),
    transitions: {
      first: share(personYears - moves - stays, personYears),
      move: share(moves, personYears),
      stay: share(stays, personYears),
    },
    stayRate: share(stays, moves + stays),
    titleShares,
    specialStates,
    specialStateShare: specialStates.reduce((sum, state) => sum + state.share, 0),
    education: tally.education.shares(),
    gender: tally.gender.shares(),
    ethnicity: tally.ethnicity.shares(),
    region: tally.region.shares(),
    ...(panel.rows === undefined ? {} : { rows: panel.rows }),
    ...(panel.losses === undefined ? {} : { losses: panel.losses }),
  };
}

class Range {
  ends: [number, number] | null = null;

  add(value: number): void {
    this.ends =
      this.ends === null ? [value, value] : [Math.min(this.ends[0], value), Math.max(this.ends[1], value)];
  }
}
