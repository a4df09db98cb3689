import type { Cohort } from "./cohort";
import { extractsAt } from "./investigator-files";
import { headOf } from "./investigator-table";
import { cohortOf } from "./losses";
import { surveyVariables } from "./variables";

/**
 * Whether a path is an Investigator download of this survey. Reads the head of its data alone.
 * @throws UserError where it cannot be told: a file or archive that cannot be read, is cut short, damaged or encrypted
 */
export function isDownloadOf(name: Cohort["name"], path: string): boolean {
  if (extractsAt(path).length !== 1) return false;
  return cohortOf(headOf(path, [...surveyVariables("nlsy79"), ...surveyVariables("nlsy97")])) === name;
}
