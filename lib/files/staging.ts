import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import { whyNoFolder } from "./output";
import { reasonOf } from "./reasons";

const aDay = 86_400_000;

/**
 * Runs with a folder of its own beside where the result belongs, so that the last rename stays on one disk. The
 * folder is gone afterwards, also where the user interrupts; what a killed process left is swept after a day.
 * @param parent made if it is missing
 * @param room bytes that must be free
 * @throws UserError where the parent cannot be written, or has less room
 */
export async function withStaging<T>(
  parent: string,
  room: number,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const staging = join(parent, `.staging-${process.pid}-${randomBytes(4).toString("hex")}`);
  const clean = () => rmSync(staging, { recursive: true, force: true });
  const interrupted = (signal: NodeJS.Signals) => {
    clean();
    process.removeListener(signal, interrupted);
    process.kill(process.pid, signal);
  };
  process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
  try {
    make(parent, staging);
    const { bavail, bsize } = statfsSync(staging);
    if (bavail * bsize < room) throw tooFull(parent, room);
    return await use(staging);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ENOSPC" ? tooFull(parent, room) : error;
  } finally {
    process.removeListener("SIGINT", interrupted).removeListener("SIGTERM", interrupted);
    clean();
  }
}

function make(parent: string, staging: string): void {
  try {
    mkdirSync(staging, { recursive: true });
  } catch (error) {
    const reason = reasonOf(whyNoFolder(staging, error), "write") ?? (error as Error).message.split("\n")[0];
    throw new UserError(
      `cannot write the cache ${parent}: ${reason}`,
      "Set LABOR_LLM_CACHE to another folder.",
    );
  }
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(".staging-"))) {
    const made = statSync(join(parent, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > aDay) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function tooFull(folder: string, room: number): UserError {
  return new UserError(
    `the disk of ${folder} has less than the ${room / 1e9} GB free that are needed`,
    "Make room, or set LABOR_LLM_CACHE to a folder on another disk.",
  );
}

/**
 * Renames a finished folder to its place. Of several processes at once the first wins; a damaged copy in the place is
 * moved aside, to beside what was built, and is deleted with the staging folder.
 * @param isReady whether the place holds a good copy
 */
export function moveIntoPlace(built: string, target: string, isReady: () => boolean): void {
  for (let attempt = 0; ; attempt++) {
    try {
      renameSync(built, target);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (attempt > 3 || !["ENOTEMPTY", "EEXIST", "EPERM", "ENOTDIR"].includes(code ?? "")) throw error;
      if (isReady()) return;
      renameSync(target, `${built}-before-${attempt}`);
    }
  }
}
