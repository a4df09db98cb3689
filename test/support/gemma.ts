import { existsSync } from "node:fs";
import { knownBases } from "labor-llm/dist/methods/language/base-models";
import { isDownloaded, packagedFile } from "labor-llm/dist/methods/language/base-models/packaged-model";

/**
 * The file of gemma-3-270m: what LABOR_LLM_TEST_GEMMA names, or in the user's cache. Nothing is downloaded.
 * @returns undefined, after saying so, where there is none
 */
export function gemmaFile(): string | undefined {
  const named = process.env.LABOR_LLM_TEST_GEMMA;
  if (named !== undefined && existsSync(named)) return named;
  const base = knownBases.find(({ name }) => name === "gemma-3-270m")!;
  if (isDownloaded(base, base.download!)) return packagedFile(base, base.download!);
  console.log("      skipped: gemma-3-270m is not in the cache; LABOR_LLM_TEST_GEMMA can name its GGUF file");
  return undefined;
}
