/** The titles of person-years without a job: LABOR-LLM has three such states. */
export const specialStates = {
  unemployed: "Unemployed",
  notInLaborForce: "Not in labor force",
  inEducation: "In education",
} as const;

/** The three special states, in the order in which they close the set of titles. */
export const specialStateTitles: readonly string[] = Object.values(specialStates);

/** The title of person-years without a job in a survey that does not tell the reasons apart. */
export const mergedState = "Not employed";

/** Whether a title is a state without a job rather than an occupation. */
export function isSpecialState(title: string): boolean {
  return title === mergedState || specialStateTitles.includes(title);
}
