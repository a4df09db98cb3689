import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { readGgufModel } from "labor-llm/dist/methods/language/base-models/resolve-base";
import { readGguf } from "labor-llm/dist/networks/checkpoints/gguf";
import { parameterCount } from "labor-llm/dist/networks/decoder/decoder-config";
import type { LanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { expectClose } from "../../../support/close";
import { gemmaFile } from "../../../support/gemma";
import { nextLogProbabilities } from "../../../support/next-log-probabilities";
import { fixture } from "../../../support/paths";
import { expectPublishedIds } from "../../../support/published-tokenizers";

interface Expected {
  text: string;
  ids: number[];
  logProbabilities: number[];
}

describe("gemma-3-270m", () => {
  const expected: Expected = JSON.parse(readFileSync(fixture("base-model", "gemma.json"), "utf8"));
  let model: LanguageModel;
  let path: string;

  before(function () {
    this.timeout(180_000);
    const file = gemmaFile();
    if (file === undefined) return this.skip();
    path = file;
    model = readGgufModel(file);
  });
  after(() => model?.decoder.dispose());

  it("has 268 million parameters, and its file none that is NaN", () => {
    assert.equal(parameterCount(model.decoder.config), 268_098_176);
    assert.equal(readGguf(path).tensors.shapes.size, 236);
  });

  it("encodes titles, careers and hard strings as Google's tokenizer.json does", () => {
    expectPublishedIds(model.tokenizer, "gemma-3");
  });

  it("gives the reference text the perplexity 8.93, and each token the probability of transformers", function () {
    this.timeout(180_000);
    const ids = model.tokenizer.encode(expected.text, { addBos: true });
    assert.deepEqual([...ids], expected.ids);
    const logProbabilities = nextLogProbabilities(model.decoder, ids);
    const mean = logProbabilities.reduce((sum, value) => sum + value, 0) / logProbabilities.length;
    assert.equal(Math.exp(-mean).toFixed(2), "8.93");
    expectClose(logProbabilities, expected.logProbabilities, 2e-3);
  });
});
