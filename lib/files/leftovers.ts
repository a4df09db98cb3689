import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fateOf } from "./owner";

const aDay = 86_400_000;

/**
 * Takes away what killed processes left in a folder. What a process owns that runs, or of which nobody can know, stays.
 * @param name of such files and folders; its first group is the owner's mark
 * @param days without a change after which something is left, where its owner cannot be seen from here
 */
export function sweepLeftovers(folder: string, name: RegExp, days = 7): void {
  for (const entry of entriesOf(folder)) {
    const mark = name.exec(entry)?.[1];
    if (mark === undefined) continue;
    const path = join(folder, entry);
    try {
      const fate = fateOf(mark);
      const old = () => Date.now() - statSync(path).mtimeMs > days * aDay;
      if (fate === "dead" || (fate === "unknown" && old())) rmSync(path, { recursive: true, force: true });
    } catch {
      // Another process took it away, or it is not ours to take.
    }
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
