import { existsSync } from "node:fs";
import type { CareerPanel } from "../careers/panel";
import { UserError } from "../errors";
import { readLongFormat } from "./long-format";
import { readNlsyYoungMen } from "./nlsy-young-men";

const byName: Record<string, () => CareerPanel> = {
  "nlsy-young-men": () => readNlsyYoungMen(),
};

/** The surveys that have a name. */
export const surveyNames: readonly string[] = Object.keys(byName);

/**
 * Reads a survey by its name, or from the path of a CSV file with the columns person, year, title and, where
 * known, education, gender, ethnicity, region, birth_year (`readLongFormat`).
 * @throws UserError if it is neither, or the file is not as it should be
 */
export function readSurvey(nameOrPath: string): CareerPanel {
  if (Object.hasOwn(byName, nameOrPath)) return byName[nameOrPath]();
  if (existsSync(nameOrPath)) return readLongFormat(nameOrPath);
  throw new UserError(
    `no survey or file is called "${nameOrPath}"`,
    `Give the path of a CSV file or one of these names: ${surveyNames.join(", ")}.`,
  );
}
