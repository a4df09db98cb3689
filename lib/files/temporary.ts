import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sweepLeftovers } from "./leftovers";
import { markPattern, ownMark } from "./owner";

const ours = new RegExp(`^labor-llm-[a-z]+-(${markPattern})-\\w{6}$`);
const swept = new Set<string>();

/**
 * Makes a folder among the system's temporary ones, which only this user reads. Whoever makes it takes it away; those
 * of killed processes go when the next one is made.
 * @param purpose in one word, for its name
 */
export function temporaryFolder(purpose: string): string {
  const parent = tmpdir();
  if (!swept.has(parent)) sweepLeftovers(parent, ours);
  swept.add(parent);
  return mkdtempSync(join(parent, `labor-llm-${purpose}-${ownMark()}-`));
}
