import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { cacheFolder } from "../engine/cache";
import { repositoryFolder } from "../files/data-folder";

const elsewhere = new AsyncLocalStorage<string>();

/** Does some work with runs kept in another folder; what runs beside it keeps its own. */
export function withRunsIn<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  return elsewhere.run(folder, work);
}

/**
 * Where runs are kept: the folder that LABOR_LLM_RUNS names (but `withRunsIn`), else `.cache/runs` of the repository,
 * or, where the package is installed in another project, `runs` of the user's cache.
 */
export function runsFolder(): string {
  const folder = elsewhere.getStore();
  if (folder !== undefined) return folder;
  const named = process.env.LABOR_LLM_RUNS;
  if (named) return resolve(named);
  const repository = repositoryFolder();
  return repository === undefined ? join(cacheFolder(), "runs") : join(repository, ".cache", "runs");
}

/**
 * A key that changes with anything a run is a function of, so that a changed configuration never picks up a
 * stale result: what is passed in, and the code of the package.
 */
export function runKey(...parts: unknown[]): string {
  return createHash("sha256")
    .update(JSON.stringify(parts))
    .update(codeDigest(shaping))
    .digest("hex")
    .slice(0, 24);
}

/** Folders of the package whose code shapes a run's numbers. */
const shaping = [
  "careers",
  "checkpoints",
  "engine",
  "methods",
  "models",
  "operations",
  "scoring",
  "text",
  "training",
];
const known = new Map<string, string>();

/** A digest of the code in some folders of the package. */
export function codeDigest(folders: readonly string[]): string {
  const key = folders.join();
  let code = known.get(key);
  if (code === undefined) {
    const hash = createHash("sha256");
    const root = dirname(__dirname);
    for (const folder of folders) {
      const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
      for (const file of files.filter((name) => name.endsWith(".js")).sort()) {
        hash.update(`${folder}/${file}`).update(readFileSync(join(root, folder, file)));
      }
    }
    code = hash.digest("hex");
    known.set(key, code);
  }
  return code;
}
