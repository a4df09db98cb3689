import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { PartLimits } from "../../careers";
import { dataFolder, readJsonObject } from "../../files";
import { checked } from "../../methods";

const limit = z.number().int().positive().optional();

const schema = z.strictObject({
  profile: z.string(),
  searches: z.array(
    z.strictObject({
      survey: z.string(),
      /** As in `searchSpaces`. */
      method: z.string(),
      /** Most persons of the parts that a search looks at, as the profile has them. */
      persons: z.strictObject({ train: limit, validation: limit }),
      seed: z.number(),
      fits: z.array(
        z.strictObject({
          dimension: z.string(),
          settings: z.looseObject({}),
          validationLoss: z.number(),
          bestEpoch: z.number(),
          epochs: z.number(),
        }),
      ),
      chosen: z.looseObject({}),
    }),
  ),
});

/** The searches of a profile, as `labor-llm tune` keeps them. */
export type TunedFile = z.infer<typeof schema>;
export type SavedSearch = TunedFile["searches"][number];

/** Where the searches of a profile are kept. */
export function tunedPath(profile: string): string {
  return join(dataFolder(), "tuned", `${profile}.json`);
}

const known = new Map<string, TunedFile>();

/**
 * The searches that were made for a profile; none where there is no file.
 * @throws UserError for a file that is not as `labor-llm tune` writes it
 */
export function readTuned(profile: string): TunedFile {
  const path = tunedPath(profile);
  let file = known.get(path);
  if (file === undefined) {
    const remedy = `Make it anew: labor-llm tune --profile ${profile}.`;
    file = existsSync(path)
      ? checked(path, schema, readJsonObject(path, remedy), remedy)
      : { profile, searches: [] };
    known.set(path, file);
  }
  return file;
}

/** The search of a method on a survey for so many persons, if one was made. */
export function searchOf(
  { searches }: TunedFile,
  method: string,
  { survey, persons }: { survey: string; persons: PartLimits },
  seed: number,
): SavedSearch | undefined {
  return searches.find(
    (one) =>
      one.method === method &&
      one.survey === survey &&
      one.seed === seed &&
      one.persons.train === persons.train &&
      one.persons.validation === persons.validation,
  );
}
