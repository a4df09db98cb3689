/** A person's covariates as the law indexes them. */
export interface LawPerson {
  /** 0 female, 1 male. */
  gender: number;
  /** Index into `lawEthnicities`. */
  ethnicity: number;
  /** Index into `lawRegions`. */
  region: number;
  birthYear: number;
}

/** What nobody observes of a person and never changes. */
export interface LawType {
  /** 0 settled, 1 restless. */
  mobility: number;
  /** Field of work, index into the structure's vocations. */
  vocation: number;
  /** Share of persons of this type. */
  share: number;
}

/** Where a person stands in a year. */
export interface LawState {
  /** Occupation, or J + special state (unemployed, not in labor force, in education). */
  slot: number;
  /** Years in the job, 1 to 5 (5: or more); 1 in a special state. */
  tenure: number;
  /** The last occupation; of one who works, the present one; -1 before the first. */
  last: number;
}
