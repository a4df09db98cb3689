import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fateOf } from "./owner";

/** Milliseconds after which what a process left counts as left, where the process cannot be seen from here. */
const aWeek = 7 * 86_400_000;

/**
 * Takes away what killed processes left in a folder. What a process owns that runs, or of which nobody can know, stays.
 * @param name of such files and folders; its first group is the owner's mark
 */
export function sweepLeftovers(folder: string, name: RegExp): void {
  for (const entry of entriesOf(folder)) {
    const mark = name.exec(entry)?.[1];
    if (mark === undefined) continue;
    const path = join(folder, entry);
    try {
      const fate = fateOf(mark);
      const old = () => Date.now() - statSync(path).mtimeMs > aWeek;
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
