import { strict as assert } from "node:assert";
import { historyColumns, historyCosts, historyLength, knownHistory, type Measurement } from "labor-llm";
import { profileNamed } from "labor-llm/dist/experiments/profile/profile";

describe("The study of how much history is enough", () => {
  it("names every row so that the history it knows can be told from its name", () => {
    const { surveys } = historyLength.plan(profileNamed("quick"));
    for (const { rows, longest } of surveys) {
      for (const { experiment, ...known } of rows) {
        assert.deepEqual(knownHistory(known.label), known);
        const { reading, last } = known;
        assert.equal(experiment.conditioning?.history, last);
        assert.equal(experiment.history, reading === "trained on them" ? last : undefined);
        assert.ok(last === undefined || last < longest);
      }
      assert.equal(new Set(rows.map(({ label }) => label)).size, rows.length);
    }
    assert.deepEqual(historyColumns({ model: "CAREER, tuned, trained on last 5" }), {
      model: "CAREER, tuned",
      "observations known": "the last 5",
      "the model is": "trained on them",
    });
  });

  it("draws the methods that have a reading, of long histories, and the law in both", () => {
    const cost = (model: string, after: number): Measurement => ({
      ...{ survey: "a", model, on: { transition: "all", after }, measure: "log-loss difference" },
      ...{ persons: 1, personYears: 1, estimate: { value: 0, standardError: 0, interval: [0, 0] } },
    });
    const models = ["Markov, all", "Markov, trained on last 1", "Markov, last 1", "Fine-tuned, all"];
    const all = [...models, "Fine-tuned, last 1", "Law restarted, all", "Law restarted, last 1"];
    const measurements = [0, 5].flatMap((after) => all.map((model) => cost(model, after)));
    const shown = (reading: "trained on them" | "restarted") =>
      historyCosts({ measurements }, "a", reading).map(({ model, on }) => `${model}; ${on.after}`);
    assert.deepEqual(shown("trained on them"), [
      "Markov, all; 5",
      "Markov, trained on last 1; 5",
      "Law restarted, all; 5",
      "Law restarted, last 1; 5",
    ]);
    assert.deepEqual(
      shown("restarted"),
      all.filter((model) => !model.includes("trained")).map((model) => `${model}; 5`),
    );
  });
});
