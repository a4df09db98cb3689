import { readFileSync, writeFileSync } from "node:fs";
import type { Random } from "labor-llm";

/** Turns one bit of a file over. @returns what turns it back */
export function flipBit(path: string, random: Random): () => void {
  const sound = readFileSync(path);
  const bytes = Buffer.from(sound);
  bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
  writeFileSync(path, bytes);
  return () => writeFileSync(path, sound);
}
