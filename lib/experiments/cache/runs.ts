import { AsyncLocalStorage } from "node:async_hooks";
import { join, resolve } from "node:path";
import { cacheFolder } from "../../engine";
import { repositoryFolder } from "../../files";

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
