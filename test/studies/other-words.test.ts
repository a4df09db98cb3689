import { strict as assert } from "node:assert";
import { type Experiment, fitExperiment, inOtherWords, splitOf, UserError } from "labor-llm";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import { perturbations, perturbedTitles } from "labor-llm/dist/text/perturbations";
import { expectClose } from "../support/close";
import { ownRuns } from "../support/own-runs";

describe("Titles of the history in other words", () => {
  ownRuns();
  const experiment = (method: string, settings: object): Experiment => ({
    survey: "nlsy-young-men",
    method,
    settings,
    persons: { train: 20, validation: 5, test: 3 },
    seed: 1,
  });
  const bootstrap = { replications: 50, seed: 1 };

  it("are read by a model of some tokens as by the whole one whose softmax is over them and those of the other words", async () => {
    const restricted = experiment("off-the-shelf", { vocabulary: "reachable" });
    const { test } = splitOf(restricted);
    const { model } = await fitExperiment(restricted);
    const { model: whole } = await fitExperiment(experiment("off-the-shelf", {}));
    assert.ok(model instanceof LanguageOccupationModel && whole instanceof LanguageOccupationModel);
    assert.equal(whole.knowing([]), whole, "the whole model knows all");
    const wordings = perturbations.map((kind) => perturbedTitles(test.titles, kind));
    await assert.rejects(
      model.readingHistoryAs(wordings[3]).predict(test.careers),
      (error) => error instanceof UserError && /is not among the \d+ that careers/.test(error.message),
    );
    const { measurements, skipped } = await inOtherWords(model, test, bootstrap);
    assert.deepEqual(skipped, []);
    assert.equal(new Set(measurements.map(({ model }) => model)).size, perturbations.length + 1);
    // The conditional odds of two titles do not depend on which other tokens a softmax is over.
    const told = (reader: LanguageOccupationModel) =>
      reader.readingHistoryAs(wordings[0]).predict(test.careers);
    const [narrow, wide] = [await told(model.knowing(wordings)), await told(whole)];
    assert.ok(narrow.validMass.every((mass, n) => mass >= wide.validMass[n] - 1e-6));
    const plain = await model.predict(test.careers);
    const knowing = await model.knowing(wordings).predict(test.careers);
    assert.ok(knowing.validMass.every((mass, n) => mass <= plain.validMass[n] + 1e-6));
    const same = await model.knowing([]).predict(test.careers);
    expectClose(same.logProbability, plain.logProbability, 1e-5);
  });

  it("have a row for each way that a model can read, and a reason where it reads no words at all", async () => {
    const markov = experiment("markov", {});
    const { model } = await fitExperiment(markov);
    await assert.rejects(inOtherWords(model, splitOf(markov).test, bootstrap), /reads no words/);
  });
});
