import { join } from "node:path";
import { z } from "zod";
import { type Career, validateCareer } from "../../careers";
import { UserError } from "../../errors";
import { readJsonObject, writeFileAtomically } from "../../files";
import type { TitleSet } from "../../occupations";
import { plainText } from "../../plain-text";
import { checked } from "../fitted-files";

/** The survey's own careers: who may not pass these on may not pass on the folder. */
const FILE = "examples.json";

const plain = z.string().transform(plainText);
const text = plain.optional();
const schema = z.strictObject({
  careers: z.array(
    z.strictObject({
      person: z.string(),
      covariates: z.strictObject({
        gender: text,
        ethnicity: text,
        region: text,
        birthYear: z.number().optional(),
      }),
      observations: z.array(z.strictObject({ year: z.number(), title: plain, education: text })),
    }),
  ),
});

/** Keeps careers in their order, without survey weights. @throws UserError where the folder cannot be written */
export function writeExamples(folder: string, examples: readonly Career[]): void {
  const careers = examples.map((career) => ({
    ...career,
    observations: career.observations.map(({ weight: _, ...observation }) => observation),
  }));
  writeFileAtomically(join(folder, FILE), `${JSON.stringify({ careers })}\n`);
}

/** Reads what `writeExamples` wrote. @throws UserError where the file is missing, damaged or over other titles */
export function readExamples(folder: string, titles: TitleSet): Career[] {
  const path = join(folder, FILE);
  const { careers } = checked(path, schema, readJsonObject(path, "Fit the model again."));
  for (const career of careers) {
    try {
      validateCareer(career, titles);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${path}: ${error.problem}`, "Fit the model again.", { cause: error });
    }
  }
  return careers;
}
