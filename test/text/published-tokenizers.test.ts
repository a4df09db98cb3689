import { existsSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "labor-llm/dist/text/tokenizer";
import { expectPublishedIds } from "../support/published-tokenizers";

describe("the published tokenizer", () => {
  for (const name of ["gemma-3", "llama-3.1", "llama-2"]) {
    it(`of ${name} encodes titles, careers and hard strings as Python's tokenizers do with it`, function () {
      const folder = join(process.env.LABOR_LLM_TEST_TOKENIZERS ?? "", name);
      if (!existsSync(join(folder, "tokenizer.json"))) {
        console.log(`      skipped: LABOR_LLM_TEST_TOKENIZERS names no folder with ${name}/tokenizer.json`);
        return this.skip();
      }
      expectPublishedIds(Tokenizer.fromFolder(folder), name);
    });
  }
});
