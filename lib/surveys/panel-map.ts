import type { Vintage } from "../occupations";

/**
 * What a file of person-years holds, and the rules by which its rows become careers: one JSON object, checked
 * strictly (`checkPanelMap`). `data/maps/README.md` explains it with examples.
 * @typeParam Name a column's name alone may stand for a field; in a checked map (`never`) it does not
 */
export interface PanelMap<Name = string> {
  /** The panel's name; the file's name without extension by default. */
  name?: string;
  /** The survey's name in the text; the panel's name by default. */
  surveyTag?: string;
  /** Where the file comes from and what is odd about it, for readers of the map. */
  source?: string;
  /** Names of files that this map of the folder data/maps is for, without `.gz`. */
  files?: string[];
  /** Encoding of a CSV file; UTF-8 by default. */
  encoding?: string;
  /** What parts the cells of a CSV file; by default, found in its header (`readCsv`). */
  separator?: string;
  /** Cells that mean "missing" in every column; by default the words that programs write for it (`Missing`). */
  missing?: string[];
  columns: MappedColumns<Name>;
  /** The closed set of titles where occupations are titles, in order; without it those of the file, sorted. */
  titles?: string[];
  rules?: PanelRules;
}

/** Which column holds what. */
export interface MappedColumns<Name = string> {
  person: Name | MappedField;
  year: Name | MappedField;
  occupation?: Name | OccupationField;
  /** A column whose cells are worded as states (null: no state), or clauses of which the first that holds counts. */
  state?: Name | MappedField | StateClause[];
  /** A column that holds the level as of the year, or steps. */
  education?: Name | MappedField | EducationSteps;
  gender?: Name | MappedField;
  ethnicity?: Name | MappedField;
  region?: Name | MappedField;
  birthYear?: Name | MappedField;
  /** Age in the year, where there is no birth year: birth year = year - age. */
  age?: Name | MappedField;
  weight?: Name | MappedField;
}

/** A map that `checkPanelMap` has seen. */
export type CheckedPanelMap = PanelMap<never>;

/** A column and how its cells are worded. */
export interface MappedField {
  column: string;
  /** The wording of each cell, null for missing; a cell that is not worded is an error. Without it, as they stand. */
  words?: Record<string, string | null>;
  /** Cells that mean "missing" in this column, besides those of the whole file. */
  missing?: string[];
}

/** A column of titles, or of the codes of a vintage, which become the titles of occ1990dd. */
export interface OccupationField extends MappedField {
  vintage?: Vintage;
  compare?: Comparison;
}

/** A second coding of the occupation, counted against the first and not used. */
export interface Comparison {
  column: string;
  vintage: Vintage;
}

/** Holds for a row if it holds for every column named: its cell is one of a list, or a number within bounds. */
export type Condition = Record<string, string[] | { atLeast?: number; below?: number }>;

/** Rows where the condition holds are in the state, a title such as "Unemployed". */
export interface StateClause {
  where: Condition;
  is: string;
  /** What is to be known about these rows; printed with their number. */
  note?: string;
}

/** Education as of the year: the highest step that holds. */
export interface EducationSteps {
  /** The level before any step. */
  start: string;
  /** Rows of persons of whom nothing is known: no level where no step holds. */
  unknown?: Condition;
  /** From the lowest to the highest. */
  steps: EducationStep[];
  undated?: UndatedEducation;
}

/** A level that holds from the year in a column on, or from the first year in which a condition holds. */
export interface EducationStep {
  level: string;
  since?: string;
  once?: Condition;
}

/** A person's final level, where no date tells when it or a higher one was reached; told by the rule `undatedDegree`. */
export interface UndatedEducation {
  column: string;
  /** The final level that a cell stands for; null: none. */
  words: Record<string, string | null>;
  /** Years of age from which each level is assumed where the rule says so. */
  ages: Record<string, number>;
}

/** What becomes of rows that are not plain; each can be set anew by an option of `readMappedPanel`. */
export interface PanelRules {
  /** Rows that are left out, each under a named reason: the first clause that holds. */
  drop?: { where: Condition; because: string }[];
  /** A row in a state that also carries an occupation: an error by default. */
  stateWithOccupation?: "error" | "state" | "occupation" | "drop";
  /** A code that is no occupation of the vintage: an error by default. */
  unknownOccupation?: "error" | "drop";
  /** Whether person-years in a state are kept; they are by default. */
  states?: "keep" | "drop";
  /**
   * A final degree without a date: never told, or assumed from a usual age on. It is not told unless asked for, since a
   * degree that is taken late would be told before it is.
   */
  undatedDegree?: "ignore" | "assume";
}
