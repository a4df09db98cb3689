import { existsSync } from "node:fs";
import { join } from "node:path";

const repository = join(__dirname, "..", "..", "..");

/**
 * A file or folder of the material that lies beside the repository and is never part of it (real survey data,
 * reference lists): in the folder that LABOR_LLM_TEST_SHARED names, or in `../shared` of the repository.
 * @returns undefined, after saying so, where it is absent
 */
export function sharedFile(...path: string[]): string | undefined {
  const file = join(process.env.LABOR_LLM_TEST_SHARED ?? join(repository, "..", "shared"), ...path);
  if (existsSync(file)) return file;
  console.log(`      skipped: ${path.join("/")} is not there; LABOR_LLM_TEST_SHARED can name its folder`);
  return undefined;
}
