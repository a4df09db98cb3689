import type { Career, Covariates } from "./career";
import type { CareerPanel } from "./panel";

/** A person-year as a row of a data frame. */
export interface PersonYear extends Covariates {
  person: string;
  year: number;
  title: string;
  education?: string;
  /** Title of the person's observation before; absent at the first. */
  previous?: string;
  transition: "first" | "move" | "stay";
}

/** A panel as rows, one a person-year, for arquero or danfojs. */
export function personYears(panel: CareerPanel): PersonYear[] {
  return panel.careers.flatMap(({ person, covariates, observations }) =>
    observations.map(({ year, title, education }, i) => {
      const previous = observations[i - 1]?.title;
      const transition = previous === undefined ? "first" : previous === title ? "stay" : "move";
      return { person, year, title, education, ...covariates, previous, transition };
    }),
  );
}

/** How many person-years careers have. */
export function countPersonYears(careers: readonly Career[]): number {
  return careers.reduce((sum, { observations }) => sum + observations.length, 0);
}
