/** One person-year: the year, what was known about the person in it, and the title held. */
export interface Observation {
  year: number;
  /** The title of the main job of the year, or of the special state. A title of the panel's `TitleSet`. */
  title: string;
  /** Education level in words, as of this year; absent where missing. */
  education?: string;
  /** Survey weight of the person in this year, at least 0; absent where the survey has none. */
  weight?: number;
}

/** What is known about a person and does not change. Absent fields are missing values. */
export interface Covariates {
  gender?: string;
  ethnicity?: string;
  region?: string;
  birthYear?: number;
}

/** A person's career: at least one observation, years strictly ascending, not necessarily consecutive. */
export interface Career {
  /** Identifier, unique in its panel. */
  person: string;
  covariates: Covariates;
  observations: Observation[];
  /** Of a part of a career that is learnt from (`shortHistories`): so many observations at its front are history alone, and not predicted. */
  given?: number;
}
