import { randomBytes } from "node:crypto";
import { renameSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import { sweepLeftovers } from "./leftovers";
import { makeFolder } from "./make-folder";
import { whyNoFolder } from "./output";
import { markPattern, ownMark } from "./owner";
import { reasonOf } from "./reasons";
import { whileEnding } from "./while-ending";

const abandoned = new RegExp(`^\\.staging-(${markPattern})-[0-9a-f]{8}$`);

/**
 * Runs with a folder of its own beside where the result belongs, so that the last rename stays on one disk. The
 * folder is gone afterwards, also where the user interrupts; what killed processes left is swept.
 * @param parent made if it is missing
 * @param room bytes that must be free
 * @throws UserError where the parent cannot be written, or has less room
 */
export async function withStaging<T>(
  parent: string,
  room: number,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const staging = join(parent, `.staging-${ownMark()}-${randomBytes(4).toString("hex")}`);
  const clean = () => rmSync(staging, { recursive: true, force: true, maxRetries: 3 });
  const forget = whileEnding(clean);
  try {
    make(parent, staging);
    const { bavail, bsize } = statfsSync(staging);
    if (bavail * bsize < room) throw tooFull(parent, room);
    return await use(staging);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ENOSPC" ? tooFull(parent, room) : error;
  } finally {
    forget();
    clean();
  }
}

function make(parent: string, staging: string): void {
  try {
    makeFolder(staging);
  } catch (error) {
    const reason = reasonOf(whyNoFolder(staging, error), "write") ?? (error as Error).message.split("\n")[0];
    throw new UserError(
      `cannot write the cache ${parent}: ${reason}`,
      "Set LABOR_LLM_CACHE to another folder.",
    );
  }
  sweepLeftovers(parent, abandoned);
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
