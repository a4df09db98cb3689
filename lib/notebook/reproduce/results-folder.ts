import { createHash } from "node:crypto";
import { existsSync, readdirSync, realpathSync, rmdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UserError } from "../../errors";
import { fileName, readJsonObject, writeFileAtomically } from "../../files";

/** Says whose results a folder holds; by a digest, since a path says where its user keeps things. */
const OWNER = "survey.json";

/** Where the results of a survey of the user's own go: `figures/PROFILE-NAME`, by the survey's name, or that of its file. */
export function resultsFolder(project: string, profile: string, survey: string): string {
  return join(project, "figures", `${profile}-${fileName(nameOf(survey))}`);
}

/** The last part of a path, without the endings of tables and downloads. */
function nameOf(survey: string): string {
  if (!existsSync(survey)) return survey;
  return basename(resolve(survey)).replace(/(?<=.)\.(csv|tsv|parquet|zip|dat|txt)(\.gz)?$/i, "");
}

/**
 * Notes that a folder is for a survey's results.
 * @returns takes the note back, where it was made by this call and nothing else came into the folder
 * @throws UserError if it holds those of another survey or file, or cannot be written
 */
export function claimResults(folder: string, survey: string): () => void {
  const path = join(folder, OWNER);
  const sha256 = createHash("sha256").update(placeOf(survey)).digest("hex");
  if (existsSync(path)) {
    const { survey: other, sha256: found } = readJsonObject(path, "Delete the file.");
    if (found === sha256) return () => {};
    throw new UserError(
      `${folder} holds the results of another ${existsSync(survey) ? "file or folder" : "survey"}, ${JSON.stringify(other)}, than ${survey}`,
      "Give one of the two another name, or move that folder away.",
    );
  }
  writeFileAtomically(
    path,
    `${JSON.stringify({ survey: existsSync(survey) ? basename(resolve(survey)) : survey, sha256 })}\n`,
  );
  return () => {
    if (readdirSync(folder).some((name) => name !== OWNER)) return;
    rmSync(path, { force: true });
    rmdirSync(folder);
  };
}

/** The one path of a file or folder; a name of a survey is its own. */
function placeOf(survey: string): string {
  return existsSync(survey) ? realpathSync.native(survey) : survey;
}
