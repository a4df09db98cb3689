import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { cacheFolder } from "../engine/cache";
import { repositoryFolder } from "../files/data-folder";

const elsewhere = new AsyncLocalStorage<string>();

/** Does some work with runs kept in another folder; what runs beside it keeps its own. */
export function withRunsIn<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  return elsewhere.run(folder, work);
}

/** Whether the work is done in a folder of its own (`withRunsIn`): it is made there, and taken from nowhere else. */
export function runsAreElsewhere(): boolean {
  return elsewhere.getStore() !== undefined;
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
 * stale result: what is passed in, and the code that fits and predicts.
 */
export function runKey(...parts: unknown[]): string {
  return createHash("sha256")
    .update(JSON.stringify(parts))
    .update(codeDigest(join(__dirname, "experiment.js")))
    .digest("hex")
    .slice(0, 24);
}

const known = new Map<string, string>();

/** A digest of all code that a module runs (`codeFiles`), and of the versions of the packages that it stands on. */
export function codeDigest(module: string): string {
  let code = known.get(module);
  if (code === undefined) {
    const root = dirname(__dirname);
    const hash = createHash("sha256").update(JSON.stringify(ownPackage.dependencies));
    for (const [file, text] of [...codeFiles(module)].sort()) {
      hash.update(relative(root, file).replaceAll(sep, "/")).update(text);
    }
    code = hash.digest("hex");
    known.set(module, code);
  }
  return code;
}

const ownPackage = require("../../package.json") as { dependencies: Record<string, string> };

/** A module and the modules that it loads by relative paths, at once or later, however deep: their texts, by path. */
export function codeFiles(module: string): Map<string, string> {
  const found = new Map<string, string>();
  const asked = new Set<string>();
  const follow = (path: string) => {
    if (asked.has(path)) return; // to find a file by its path takes longer than to read it
    asked.add(path);
    const file = require.resolve(path);
    if (found.has(file)) return;
    const text = readFileSync(file, "utf8");
    found.set(file, text);
    for (const [, to] of text.matchAll(/\b(?:require|import)\(\s*"(\.[^"]+)"\s*\)/g)) {
      follow(resolve(dirname(file), to));
    }
  };
  follow(module);
  return found;
}
