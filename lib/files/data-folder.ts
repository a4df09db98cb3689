import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../errors";
import { currentSession } from "../session";

/** The package's own folder, also where a workspace links it elsewhere: the real place counts. */
export function packageFolder(): string {
  return dirname(dirname(realpathSync(__dirname))); // from dist/files
}

/** The repository, where the package is its folder `lib`; undefined where the package was installed from npm's tarball. */
export function repositoryFolder(): string | undefined {
  const folder = dirname(packageFolder());
  try {
    const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: string };
    return name === "labor-llm-notebooks" ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** The repository's folder `data`, or the copy of it that the installed package holds (`package-files.mjs`). */
export function dataFolder(): string {
  const repository = repositoryFolder();
  return repository === undefined ? join(packageFolder(), "dist", "data") : join(repository, "data");
}

/** The folder of the user's own downloads, which LABOR_LLM_DATA names; undefined without. */
export function userDataFolder(): string | undefined {
  return currentSession().data;
}

/**
 * The path of a file of the data folder.
 * @throws UserError if it is not there
 */
export function dataFile(...path: string[]): string {
  const file = join(dataFolder(), ...path);
  if (existsSync(file)) return file;
  const remedy =
    repositoryFolder() === undefined ? "Install the package again." : "Restore the repository's data folder.";
  throw new UserError(`${file} does not exist`, remedy);
}
