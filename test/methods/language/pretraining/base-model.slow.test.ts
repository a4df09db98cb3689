import { strict as assert } from "node:assert";
import { readFileSync, statSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { fillModelCard } from "labor-llm/dist/methods/language/pretraining/model-card";
import { baseRecipe, type PretrainingReport } from "labor-llm/dist/methods/language/pretraining/pretrain";
import { parameterCount } from "labor-llm/dist/networks/decoder/decoder-config";
import { readLanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";
import { expectClose } from "../../../support/close";
import { fixture } from "../../../support/paths";

describe("The base model", () => {
  let report: PretrainingReport;
  before(() => {
    report = JSON.parse(readFileSync(dataFile("base-model", "pretraining.json"), "utf8"));
  });

  it("gives a fixed text the log-probabilities that transformers gives it", () => {
    const golden = JSON.parse(readFileSync(fixture("base-model", "golden.json"), "utf8"));
    const { decoder, tokenizer } = readLanguageModel(dataFile("base-model"));
    const ids = tokenizer.encode(golden.text, { addBos: true });
    assert.deepEqual(Array.from(ids), golden.ids);
    const found = tf.tidy(() => {
      const { batch, at, targets } = toTensors(packRows([Int32Array.from(ids)], 1e9));
      const logits = tf.gather(decoder.logits(decoder.hidden(batch)), at) as tf.Tensor2D; // (M, V)
      const chosen = tf.oneHot(targets, decoder.config.vocabularySize).mul(logits).sum(-1);
      return chosen.sub(tf.logSumExp(logits, -1)).dataSync();
    });
    expectClose(found, golden.logProbabilities, 1e-4);
    decoder.dispose();
  });

  it("has 1 to 4 million parameters in a file of at most 8 MB", () => {
    const { decoder } = readLanguageModel(dataFile("base-model"));
    const count = [...decoder.parameters.values()].reduce((n, { size }) => n + size, 0);
    assert.equal(count, parameterCount(decoder.config));
    assert.equal(count, report.parameters);
    assert.ok(count >= 1e6 && count <= 4e6);
    assert.ok(statSync(dataFile("base-model", "model.safetensors")).size <= 8e6);
    decoder.dispose();
  });

  it("was made by the committed recipe, and its card says what its report says", () => {
    assert.deepEqual(report.recipe, baseRecipe);
    const card = readFileSync(dataFile("base-model", "README.md"), "utf8");
    assert.equal(fillModelCard(card, report), card);
  });
});
