import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isFolder } from "./kind";

/**
 * Makes a folder and those that lead to it, where they are not there. Node's own `recursive` never ends where the
 * system says of a folder that is there that it is not, as Linux does in /proc.
 * @returns the first that was made; undefined where all were there
 * @throws Node's error, with the reason of the first folder that cannot be made
 */
export function makeFolder(path: string): string | undefined {
  const whole = resolve(path);
  if (isFolder(whole)) return undefined;
  const above = dirname(whole);
  const first = existsSync(above) ? undefined : makeFolder(above);
  try {
    mkdirSync(whole);
  } catch (error) {
    // Another process may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !isFolder(whole)) throw error;
    return first;
  }
  return first ?? whole;
}
