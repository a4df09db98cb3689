/** The titles of person-years without a job: LABOR-LLM has three such states. */
export const specialStates = {
  unemployed: "Unemployed",
  notInLaborForce: "Not in labor force",
  inEducation: "In education",
} as const;

/** The three special states, in the order in which they close the set of titles. */
export const specialStateTitles: readonly string[] = Object.values(specialStates);
