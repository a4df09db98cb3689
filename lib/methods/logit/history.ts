import type { Career, Covariates } from "../../careers";
import type { TitleSet } from "../../occupations";

/** A person-year and what is known before its title. */
export interface PersonYearHistory {
  /** Index of the title that happened. */
  title: number;
  /** Indices of the titles of the observation before and of the one before that; -1 where there is none. */
  previous: number;
  before: number;
  /** Observations, before the last, that had the last one's title without a break: 0 after a change. */
  tenure: number;
  /** Observations so far. */
  experience: number;
  year: number;
  /** Whether the observation before is not of the year before. */
  gap: boolean;
  education?: string;
  /** Whether the education is another than at the observation before. */
  educationChange: boolean;
  covariates: Covariates;
  /** Index of the career. */
  person: number;
}

/** All person-years of the careers, in the order of a `TitleDistribution`'s rows. */
export function personYearHistories(careers: readonly Career[], titles: TitleSet): PersonYearHistory[] {
  return careers.flatMap(({ observations, covariates }, person) => {
    let [previous, before, tenure] = [-1, -1, 0];
    return observations.map(({ year, title, education }, i): PersonYearHistory => {
      if (i > 0) {
        [before, previous] = [previous, titles.indexOf(observations[i - 1].title)];
        tenure = i > 1 && before === previous ? tenure + 1 : 0;
      }
      return {
        title: titles.indexOf(title),
        previous,
        before,
        tenure,
        experience: i,
        year,
        gap: i > 0 && year !== observations[i - 1].year + 1,
        education,
        educationChange: i > 0 && education !== observations[i - 1].education,
        covariates,
        person,
      };
    });
  });
}
