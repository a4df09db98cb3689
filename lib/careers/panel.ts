import type { TitleSet } from "../occupations/title-set";
import type { Career } from "./career";
import type { RowAccount } from "./row-account";

/** The careers of one survey, over one closed set of titles. */
export interface CareerPanel {
  /** Short name, for example "nlsy-young-men". */
  name: string;
  /** The survey's name as the text gives it, for example "NLSY79". */
  surveyTag: string;
  titles: TitleSet;
  careers: Career[];
  /** What became of the rows of the survey's files; absent where it was not read from files. */
  rows?: RowAccount;
  /** What the survey's files could not tell for want of variables or persons, and what that costs; a sentence each. */
  losses?: readonly string[];
}
