import { strict as assert } from "node:assert";
import { compareMethods, type Experiment, type NamedExperiment } from "labor-llm";
import { ORACLE } from "labor-llm/dist/experiments/compare-methods";
import type { ObservedScores } from "labor-llm/dist/predictions";
import { judgeOrders } from "labor-llm/dist/studies/evidence/claims";
import { ownRuns } from "../support/own-runs";

describe("The oracle of a synthetic survey", () => {
  ownRuns();

  const judge = (oracle: ObservedScores, model: ObservedScores) =>
    judgeOrders(
      { survey: "synthetic-psid", scores: { [ORACLE]: oracle, model } },
      [{ claim: "The oracle is below", lower: ORACLE, higher: "model" }],
      { replications: 500 },
    )[0];

  it("is beaten by no method, a fine-tuned language model among them, and sees one that knows more than it may", async function () {
    this.timeout(240_000);
    const training = { epochs: 4 };
    const row = (method: string, settings: object, test = 40): NamedExperiment => {
      const persons = { train: 100, validation: 30, test };
      const experiment: Experiment = { survey: "synthetic-psid", method, settings, persons, seed: 1 };
      return { label: method, experiment };
    };
    const { scores, failures } = await compareMethods([
      row("empirical", {}),
      row("markov", { order: 2, given: ["education"] }),
      row("regression", { ridge: 1e-2 }),
      row("bag-of-jobs", { width: 64, training }),
      row("lstm", { layers: 1, width: 32, training }),
      row("career", { layers: 2, training }),
      row(
        "fine-tuned",
        { base: "tiny", vocabulary: "full", training: { ...training, learningRate: 2e-3 }, neglect: 0.1 },
        12,
      ),
    ]);
    assert.deepEqual(failures, {});
    const { [ORACLE]: oracle, ...models } = scores;
    for (const [name, model] of Object.entries(models)) {
      const { side, value, standardError } = judge(oracle, model);
      assert.notEqual(side, "below", `${name}: ${value} (${standardError})`);
    }
    // Whoever has seen a tenth of what happened is told from the law at once.
    const leaky = oracle.observedLogProbability.map((logP) => Math.log(0.9 * Math.exp(logP) + 0.1));
    assert.equal(judge(oracle, { ...oracle, observedLogProbability: leaky }).side, "below");
  });
});
