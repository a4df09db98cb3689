import { join } from "node:path";

export const repository = join(__dirname, "..", "..", "..");

/** A file or folder under test/fixtures. */
export function fixture(...parts: string[]): string {
  return join(repository, "test", "fixtures", ...parts);
}

/** A file or folder of the repository. */
export function repositoryFile(...parts: string[]): string {
  return join(repository, ...parts);
}
