import { strict as assert } from "node:assert";
import { splitByPerson } from "labor-llm";
import { fineTune, trainingTexts } from "labor-llm/dist/methods/language/fine-tune";
import { decoderTrainable } from "labor-llm/dist/networks/decoder/decoder-trainable";
import { predictedSpans } from "labor-llm/dist/networks/decoder/training-text";
import { epochBatches } from "labor-llm/dist/networks/training/batches";
import { defaultTraining } from "labor-llm/dist/networks/training/options";
import { Random } from "labor-llm/dist/random";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { expectClose } from "../../support/close";
import { tinyLanguageModel } from "../../support/tiny-language-model";

describe("fineTune", () => {
  const panel = readNlsyYoungMen();
  const few = { ...panel, careers: panel.careers.slice(0, 12) };

  it("on titles alone has the loss that the titles' tokens have in the whole text", () => {
    const model = tinyLanguageModel(few);
    const trainable = decoderTrainable(model.decoder);
    const careers = { ...few, careers: few.careers.slice(0, 2) };
    const titles = trainingTexts(careers, model, {}, "titles");
    const whole = trainingTexts(careers, model, {}) as Int32Array[];
    // Loss of all tokens, and of all but the titles', by their sums.
    const sum = (texts: typeof titles) =>
      trainable.loss(texts).dataSync()[0] * texts.reduce((n, text) => n + trainable.targets(text), 0);
    const rest = titles.map((text, i) => {
      const spans = predictedSpans(text);
      const edges = [1, ...spans.flatMap(({ start, end }) => [start, end]), whole[i].length];
      const predicted = spans.map((_, s) => ({ start: edges[2 * s], end: edges[2 * s + 1] }));
      predicted.push({ start: edges.at(-2)!, end: edges.at(-1)! });
      return { ids: whole[i], predicted };
    });
    expectClose([sum(titles) + sum(rest)], [sum(whole)], 1e-4, { relative: true });
    const tokens = careers.careers
      .flatMap((c) => c.observations)
      .map(({ title }) => model.tokenizer.encode(`: ${title}\n`).length - 1);
    assert.equal(
      titles.reduce((n, text) => n + trainable.targets(text), 0),
      tokens.reduce((a, b) => a + b),
    );
  });

  it("warns once of titles that never occur, by name and count, and goes on", async () => {
    const model = tinyLanguageModel(few);
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const options = { ...defaultTraining, epochs: 1, target: "titles" as const };
    const { train, validation } = splitByPerson(few, { seed: 1 });
    await fineTune(model, { train, validation }, {}, options, { onWarning });
    const seen = new Set(train.careers.flatMap((c) => c.observations.map((o) => o.title)));
    const absent = few.titles.titles.filter((title) => !seen.has(title));
    assert.equal(warnings.length, 1);
    assert.ok(
      warnings[0].startsWith(`${absent.length} of the ${few.titles.size} titles never occur`),
      warnings[0],
    );
    assert.ok(warnings[0].includes(absent[0]));
  });

  it("can batch texts of like length, each text once an epoch, the same in every run", () => {
    const random = new Random("lengths");
    const lengths = Array.from({ length: 1000 }, () => 20 + random.integer(400));
    const batches = (alike: boolean) => epochBatches(lengths, { texts: 8 }, 1, 3, alike);
    const padding = (groups: number[][]) =>
      groups.reduce((n, group) => n + group.length * Math.max(...group.map((i) => lengths[i])), 0);
    assert.deepEqual(
      batches(true)
        .flat()
        .sort((a, b) => a - b),
      lengths.map((_, i) => i),
    );
    assert.deepEqual(batches(true), batches(true));
    const total = lengths.reduce((a, b) => a + b);
    assert.ok(padding(batches(true)) < 1.08 * total && padding(batches(false)) > 1.5 * total);
  });
});
