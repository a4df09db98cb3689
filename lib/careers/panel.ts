import type { TitleSet } from "../occupations/title-set";
import type { Career } from "./career";

/** The careers of one survey, over one closed set of titles. */
export interface CareerPanel {
  /** Short name, for example "nlsy-young-men". */
  name: string;
  /** The survey's name as the text gives it, for example "NLSY79". */
  surveyTag: string;
  titles: TitleSet;
  careers: Career[];
}
