import { type Stats, statSync } from "node:fs";

/** Whether there is a folder; false where it cannot be looked up. */
export function isFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() === true;
}

/** Whether there is a regular file; false where it cannot be looked up. */
export function isFile(path: string): boolean {
  return statsOf(path)?.isFile() === true;
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // who then opens it hears why
  }
}
