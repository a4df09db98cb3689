import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UserError } from "labor-llm/dist/errors";
import { Random } from "labor-llm/dist/random";
import { damaged } from "./damage";
import { fuzzedReaders, pristine } from "./readers";

/** What the child tells the driver. */
export type Report =
  | { ready: true; rss: number }
  | { starts: number }
  | { ends: number; outcome: "read" | "refused" | "error"; words: string };

/** Damages and reads, case by case: `child.js READER SEED FIRST COUNT`. */
async function main([name, seed, first, count]: string[]): Promise<void> {
  const reader = fuzzedReaders[name];
  const folder = mkdtempSync(join(tmpdir(), "labor-llm-fuzz-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.once("disconnect", () => process.exit());
  const files = await pristine(reader, folder);
  await reader.read(folder); // what is whole is read
  const tell = (report: Report) => process.send?.(report);
  tell({ ready: true, rss: process.memoryUsage.rss() });
  for (let number = Number(first); number < Number(first) + Number(count); number++) {
    const random = new Random("fuzz", name, Number(seed), number);
    const target = random.choice([...files.keys()]);
    writeFileSync(join(folder, target), damaged(files.get(target)!, random));
    tell({ starts: number });
    try {
      await reader.read(folder);
      tell({ ends: number, outcome: "read", words: "" });
    } catch (error) {
      const refused = error instanceof UserError && oneLine(error.message);
      const words = refused ? error.message : ((error as Error).stack ?? String(error)).slice(0, 3000);
      tell({ ends: number, outcome: refused ? "refused" : "error", words });
    }
    // A reader may have taken away what it found damaged.
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    // Lets the messages go, and what a reader left to a later turn happen.
    await new Promise(setImmediate);
  }
  process.disconnect?.();
}

/** A message fills one line, and shows no more of a damaged file than a line holds. */
function oneLine(message: string): boolean {
  return !/[\n\r]/.test(message) && message.length < 1500;
}

void main(process.argv.slice(2));
