import type { Cohort } from "./cohort";
import { headOf } from "./investigator-table";
import { cohortOf } from "./losses";
import { surveyVariables } from "./variables";

/** Whether a path is an Investigator download of this survey. Reads the head of its data alone; never throws. */
export function isDownloadOf(name: Cohort["name"], path: string): boolean {
  try {
    return cohortOf(headOf(path, [...surveyVariables("nlsy79"), ...surveyVariables("nlsy97")])) === name;
  } catch {
    return false;
  }
}
