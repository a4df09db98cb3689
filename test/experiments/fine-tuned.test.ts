import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numericTitles, splitByPerson } from "labor-llm";
import { type FineTuningConfiguration, fineTuned } from "labor-llm/dist/experiments/fine-tuned";
import { readLanguageModel, writeLanguageModel } from "labor-llm/dist/models/language-model";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { writeTokenizer } from "labor-llm/dist/text/train-tokenizer";
import { defaultTraining } from "labor-llm/dist/training/options";
import { tinyLanguageModel, tinyTokenizer } from "../support/tiny-language-model";

describe("A kept fine-tuning", () => {
  const panel = readNlsyYoungMen();
  const few = { ...panel, careers: panel.careers.slice(0, 24) };
  const split = splitByPerson(few, { seed: 1 });
  let folder: string;
  let configuration: FineTuningConfiguration;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-runs-"));
    process.env.LABOR_LLM_RUNS = join(folder, "runs");
    const base = join(folder, "base");
    writeTokenizer(join(folder, "tokenizer"), tinyTokenizer(few));
    writeLanguageModel(base, tinyLanguageModel(few), join(folder, "tokenizer"));
    const training = { ...defaultTraining, epochs: 2, batch: { texts: 8 } };
    configuration = { base, split, template: { surveyTag: "NLSY79" }, training };
  });
  after(() => {
    delete process.env.LABOR_LLM_RUNS;
    rmSync(folder, { recursive: true });
  });

  async function stepsOf(changed: Partial<FineTuningConfiguration>) {
    let steps = 0;
    const run = await fineTuned({ ...configuration, ...changed }, () => steps++);
    return { steps, run };
  }
  const weights = ({
    model,
  }: {
    model: { decoder: { parameters: ReadonlyMap<string, { dataSync(): unknown }> } };
  }) => [...model.decoder.parameters.values()].map((variable) => variable.dataSync());

  it("is taken up the second time, to the bit, and never for a changed configuration", async () => {
    const first = await stepsOf({});
    assert.equal(first.steps, 2 * Math.ceil(split.train.careers.length / 8));
    const again = await stepsOf({});
    assert.equal(again.steps, 0);
    assert.deepEqual(weights(again.run), weights(first.run));
    assert.deepEqual(again.run.history, first.run.history);
    const changes: Partial<FineTuningConfiguration>[] = [
      { training: { ...configuration.training, learningRate: 2e-3 } },
      { training: { ...configuration.training, seed: 2 } },
      { template: {} },
      { template: { surveyTag: "NLSY79", wording: numericTitles(panel.titles) } },
      { split: splitByPerson(few, { seed: 2 }) },
    ];
    for (const change of changes)
      assert.ok((await stepsOf(change)).steps > 0, JSON.stringify(Object.keys(change)));
  });

  it("leaves the base model as it was", async () => {
    const before = weights({ model: readLanguageModel(configuration.base) });
    await stepsOf({ training: { ...configuration.training, seed: 3 } });
    assert.deepEqual(weights({ model: readLanguageModel(configuration.base) }), before);
  });
});
