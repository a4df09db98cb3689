/** The levels of education that our readers word, lowest first. A survey's own wording may differ. */
export const educationLevels = [
  "less than high school",
  "high school",
  "some college",
  "college",
  "graduate degree",
] as const;

export type EducationLevel = (typeof educationLevels)[number];
