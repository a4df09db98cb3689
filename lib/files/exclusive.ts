import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { asUserError } from "./atomic";
import { isAlive } from "./is-alive";

/** Milliseconds between two looks at a lock that another holds. */
const PATIENCE = 250;
/** Milliseconds in which the holder of a new lock will have written who it is. */
const BIRTH = 5000;

/**
 * Does some work while nobody else, in this process or another of this machine, does work under the same lock file.
 * The file holds its process's number: one that was killed holds nothing back.
 * @param path of the lock file; its folder is made
 * @param onWait called once, with the process that is waited for, where another holds the lock
 * @throws UserError where the lock cannot be written, and as `work`
 */
export async function exclusively<Result>(
  path: string,
  work: () => Promise<Result>,
  onWait?: (process: number) => void,
): Promise<Result> {
  let waited = false;
  while (!take(path)) {
    const holder = holderOf(path);
    if (holder === undefined) continue;
    if (!waited) onWait?.(holder);
    waited = true;
    await setTimeout(PATIENCE);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw asUserError(path, error);
  }
}

/** The living process that holds a lock; undefined where the lock is free, a dead one's being taken away. */
function holderOf(path: string): number | undefined {
  try {
    const holder = Number(readFileSync(path, "utf8"));
    const written = holder > 0;
    if (written && isAlive(holder)) return holder;
    if (!written && Date.now() - statSync(path).mtimeMs < BIRTH) return holder;
    rmSync(path, { force: true });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw asUserError(path, error);
  }
}
