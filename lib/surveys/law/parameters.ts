import type { Neighbours } from "./words";

/** Ages at which the bands of the law's tables begin. */
export const ageBands: readonly number[] = [0, 16, 18, 20, 23, 27, 32, 38, 50, 60, 65];

/** The band of an age. */
export function ageBandOf(age: number): number {
  let band = 0;
  while (band + 1 < ageBands.length && age >= ageBands[band + 1]) band++;
  return band;
}

/** The three ages of life that the attraction of occupations distinguishes: under 20, under 27, above. */
export const lifeAgeOf = (age: number): number => (age < 20 ? 0 : age < 27 ? 1 : 2);

/** Kinds of state: a job, and the three special states in the order of `specialStateTitles`. */
export const JOB = 0;
export const UNEMPLOYED = 1;
export const NOT_IN_LABOR_FORCE = 2;
export const IN_EDUCATION = 3;
export const KINDS = 4;

/** Years in a job that the law tells apart: 1, 2, 3, 4, 5 or more. */
export const TENURES = 5;

export const lawGenders = ["female", "male"] as const;
export const lawEthnicities = ["white", "black", "hispanic"] as const;
export const lawRegions = ["northeast", "north central", "south", "west"] as const;

/** What the law takes from the occupations themselves. J occupations in G groups. */
export interface LawStructure {
  /** (J) */
  readonly titles: readonly string[];
  readonly groups: readonly string[];
  readonly vocations: readonly string[];
  /** (J): index into `groups`. */
  readonly groupOf: readonly number[];
  /** (J): index into `vocations`. */
  readonly vocationOf: readonly number[];
  /** (J): usual schooling, 1 to 6. */
  readonly schoolingOf: readonly number[];
  /** Occupations near in words. */
  readonly neighbours: Neighbours;
}

/**
 * The law's numbers; data/law/README.md gives the formulas. "Log" is a logarithm of a weight, "logit" a log-odds,
 * "share" sums to one. Indices: gender g, ethnicity h, region r, education e (0 to 4), age band b, life age a,
 * tenure c, mobility m, group k, kind s.
 */
export interface LawCoefficients {
  /** Who people are, never observed. Shares of types. */
  type: { mobility: number[]; vocation: number[] };
  /** Log attraction of an occupation. */
  attraction: {
    /** (J) */
    title: number[];
    /** (J): female minus male, for those born in 1982. */
    gap: number[];
    /** [schooling of the job - 1][e] */
    schooling: number[][];
    /** [a][k] */
    age: number[][];
    /** [h][k] */
    ethnicity: number[][];
    /** [r][k] */
    region: number[][];
    /** [4 h + r][k] */
    ethnicityRegion: number[][];
    /** [5 g + e][k] */
    genderEducation: number[][];
    /** [k], a decade after 2005. */
    trend: number[];
    /** [k], a point of the unemployment rate above its mean. */
    cycle: number[];
    /** Of occupations of a person's vocation. */
    vocation: number;
  };
  /** Where leavers of a group go. */
  moves: {
    /** [k of origin][k]: log. */
    flow: number[][];
    /** Weight of nearness in words: the weight of a neighbour of similarity 0.1 is 1 + 0.1 words times as large. */
    words: number;
    /** [special state]: probability of a return to the last occupation by those who find work. */
    recall: number[];
  };
  /** Work or not: weights of the next kind of state. */
  kind: {
    /** [s][b][g][s of the next year]: share. */
    next: number[][][][];
    /** Log of unemployed and not in labor force; [e], [h]. */
    education: number[];
    ethnicity: number[];
    /** Log of unemployed, not in labor force and in education, from a job; [c], [m]. */
    tenure: number[];
    mobility: number[];
    /** Log of unemployed, a point of the unemployment rate above its mean. */
    cycle: number;
    /** Log of not in labor force for women, a decade of birth before 1982. */
    cohort: number;
  };
  /** The same job or another, for those who work in both years: logit of the same. */
  stay: {
    /** [c] */
    tenure: number[];
    /** [b][g] */
    age: number[][];
    /** [e] */
    education: number[];
    /** [k] */
    group: number[];
    /** [m] */
    mobility: number[];
    /** A point of the unemployment rate above its mean: few quit in a slump. */
    cycle: number;
  };
  /** The year in which a survey first sees a person. */
  first: {
    /** [b][g][s]: share. */
    kind: number[][][];
    /** [c]: share. */
    tenure: number[];
  };
  /** Logit of one more level of education in a year. */
  rise: {
    /** [e, 0 to 3][in education the year before: 0 or 1][b] */
    level: number[][][];
    /** [g] */
    gender: number[];
    /** [h] */
    ethnicity: number[];
    /** [g], a decade of birth after 1982; levels above high school. */
    cohort: number[];
  };
}
