import type { TitleSet } from "../occupations";
import type { Career } from "./career";
import type { KnownLaw } from "./known-law";
import type { RowAccount } from "./row-account";

/** The careers of one survey, over one closed set of titles. */
export interface CareerPanel {
  /** Short name, for example "nlsy-young-men". */
  name: string;
  /** The survey's name as the text gives it, for example "NLSY79". */
  surveyTag: string;
  titles: TitleSet;
  careers: Career[];
  /** The law that the careers are drawn from; absent of a real survey. A part of a panel keeps it. */
  law?: KnownLaw;
  /** False where the survey tells no education of anyone, so that texts do not promise it; a part of a panel keeps it. */
  tellsEducation?: false;
  /** What became of the rows of the survey's files; absent where it was not read from files. */
  rows?: RowAccount;
  /** What the survey's files could not tell for want of variables or persons, and what that costs; a sentence each. */
  losses?: readonly string[];
}

/** A whole survey's panel, with what its careers do not tell. */
export function withWhatItTells<P extends CareerPanel>(panel: P): P {
  const told = panel.careers.some(({ observations }) =>
    observations.some((one) => one.education !== undefined),
  );
  return told ? panel : { ...panel, tellsEducation: false };
}
