import { AsyncLocalStorage } from "node:async_hooks";
import { join } from "node:path";
import { cacheFolder } from "../../engine";
import { repositoryFolder } from "../../files";
import { currentSession, withSession } from "../../session";

const elsewhere = new AsyncLocalStorage<true>();

/** Does some work with runs kept in another folder; what runs beside it keeps its own. */
export function withRunsIn<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  return elsewhere.run(true, () => withSession({ runs: folder }, work));
}

/** Whether the work is done in a folder of its own (`withRunsIn`): it is made there, and taken from nowhere else. */
export function runsAreElsewhere(): boolean {
  return elsewhere.getStore() === true;
}

/**
 * Where runs are kept: the session's folder (LABOR_LLM_RUNS, `withRunsIn`), else `.cache/runs` of the repository,
 * or, where the package is installed in another project, `runs` of the user's cache.
 */
export function runsFolder(): string {
  const { runs } = currentSession();
  if (runs !== undefined) return runs;
  const repository = repositoryFolder();
  return repository === undefined ? join(cacheFolder(), "runs") : join(repository, ".cache", "runs");
}
