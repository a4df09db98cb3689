import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareMethods, type Experiment, judgeOrder, type NamedExperiment, ORACLE } from "labor-llm";
import { comparePerplexity } from "labor-llm/dist/metrics";
import type { TitleDistribution } from "labor-llm/dist/models";

describe("The oracle of a synthetic survey", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-runs-"));
    process.env.LABOR_LLM_RUNS = folder;
  });
  after(() => {
    delete process.env.LABOR_LLM_RUNS;
    rmSync(folder, { recursive: true });
  });

  const judge = (oracle: TitleDistribution, model: TitleDistribution) =>
    judgeOrder(
      { claim: "The oracle is below", lower: ORACLE, higher: "model" },
      comparePerplexity({ [ORACLE]: oracle, model }, { kinds: ["all"], replications: 500 }),
    );

  it("is beaten by no method, a fine-tuned language model among them, and sees one that knows more than it may", async function () {
    this.timeout(240_000);
    const training = { epochs: 4 };
    const row = (method: string, settings: object): NamedExperiment => {
      const persons = { train: 150, validation: 30, test: 40 };
      const experiment: Experiment = { survey: "synthetic-psid", method, settings, persons, seed: 1 };
      return { label: method, experiment };
    };
    const { distributions, failures } = await compareMethods([
      row("empirical", {}),
      row("markov", { order: 2, given: ["education"] }),
      row("regression", { ridge: 1e-2 }),
      row("bag-of-jobs", { width: 64, training }),
      row("lstm", { layers: 1, width: 32, training }),
      row("career", { layers: 2, training }),
      row("fine-tuned", { base: "tiny", training: { ...training, learningRate: 2e-3 }, neglect: 0.01 }),
    ]);
    assert.deepEqual(failures, {});
    const { [ORACLE]: oracle, ...models } = distributions;
    for (const [name, model] of Object.entries(models)) {
      const { verdict, "ours, nats": nats, "standard error, nats": error } = judge(oracle, model);
      assert.notEqual(verdict, "does not replicate: the order is reversed", `${name}: ${nats} (${error})`);
    }
    // Whoever has seen a tenth of what happened is told from the law at once.
    const { logProbability, titles, observed } = oracle;
    const leaky = logProbability.slice();
    observed.forEach((title, n) => {
      const at = n * titles.size + title;
      leaky[at] = Math.log(0.9 * Math.exp(leaky[at]) + 0.1);
    });
    assert.equal(
      judge(oracle, { ...oracle, logProbability: leaky }).verdict,
      "does not replicate: the order is reversed",
    );
  });
});
