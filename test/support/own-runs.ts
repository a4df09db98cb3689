import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** In a `describe`: what its tests fit is kept in a folder of their own, which is gone afterwards. */
export function ownRuns(): void {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-runs-"));
    process.env.LABOR_LLM_RUNS = folder;
  });
  after(() => {
    delete process.env.LABOR_LLM_RUNS;
    rmSync(folder, { recursive: true });
  });
}
