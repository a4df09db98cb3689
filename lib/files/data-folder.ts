import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../errors";

/** The repository: the folder around the package's own, also where a workspace links the package elsewhere. */
export function repositoryFolder(): string {
  // From lib/dist/files; a workspace links the package into node_modules, so the real place counts.
  return dirname(dirname(dirname(realpathSync(__dirname))));
}

/** The repository's folder `data`, beside the package's own folder. */
export function dataFolder(): string {
  return join(repositoryFolder(), "data");
}

/** The folder of the user's own downloads, which the environment variable LABOR_LLM_DATA names; undefined without. */
export function userDataFolder(): string | undefined {
  const named = process.env.LABOR_LLM_DATA;
  return named ? resolve(named) : undefined;
}

/**
 * The path of a file of the repository's data folder.
 * @throws UserError if it is not there
 */
export function dataFile(...path: string[]): string {
  const file = join(dataFolder(), ...path);
  if (existsSync(file)) return file;
  throw new UserError(`${file} does not exist`, "Restore the repository's data folder.");
}
