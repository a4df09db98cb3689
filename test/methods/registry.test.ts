import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import {
  addMethod,
  type Career,
  type CareerPanel,
  compareMethods,
  emptyDistribution,
  runExperiment,
} from "labor-llm";
import { splitOf } from "labor-llm/dist/experiments";
import { fittedFolder, isAvailable } from "labor-llm/dist/experiments/experiment";
import { methodNamed } from "labor-llm/dist/methods";
import { where } from "labor-llm/dist/metrics";
import { ownRuns } from "../support/own-runs";

describe("A method of a notebook's own", () => {
  ownRuns();
  const persons = { train: 20, validation: 5, test: 5 };
  const experiment = { survey: "nlsy-young-men", method: "uniform", persons, seed: 1 };
  let fits = 0;
  const uniform = {
    id: "uniform",
    label: "Uniform",
    async fit({ train: { titles } }: { train: CareerPanel }) {
      fits++;
      const predict = async (careers: readonly Career[]) => {
        const rows = emptyDistribution(careers, titles);
        rows.logProbability.fill(-Math.log(titles.size)); // (N, J)
        return rows;
      };
      return { parameters: 0, model: { name: "Uniform", predict } };
    },
  };

  before(() => addMethod(uniform));

  it("joins a comparison, in which a uniform one has the perplexity of the number of titles", async () => {
    const rows = ["markov", "uniform"].map((method) => ({
      label: method,
      experiment: { ...experiment, method },
    }));
    const { measurements, failures } = await compareMethods(rows, { reference: "markov", replications: 20 });
    assert.deepEqual(failures, {});
    const [{ estimate }] = where(measurements, {
      model: "uniform",
      measure: "perplexity",
      on: { transition: "all" },
    });
    assert.ok(Math.abs(estimate.value - 9) < 1e-5, `${estimate.value}`);
    assert.ok(estimate.standardError < 1e-5);
  });

  it("is fitted each time and leaves nothing in the cache", async () => {
    const before = new Set(readdirSync(process.env.LABOR_LLM_RUNS!));
    const fitted = fits;
    const first = await runExperiment(experiment);
    const second = await runExperiment({ ...experiment, observedOnly: true });
    assert.equal(fits, fitted + 2);
    assert.deepEqual(second.scores, first.scores);
    assert.equal(second.distribution, undefined);
    assert.equal(await isAvailable(experiment, splitOf(experiment)), false);
    assert.deepEqual(
      readdirSync(process.env.LABOR_LLM_RUNS!).filter((name) => !before.has(name)),
      [],
    );
  });

  it("gives way to one that is added under its name, but no method of the papers does", () => {
    addMethod({ ...uniform, label: "Uniform again" });
    assert.equal(methodNamed("uniform").label, "Uniform again");
    assert.throws(
      () => addMethod({ ...uniform, id: "markov" }),
      /"markov" is a method already. Give yours another name/,
    );
    assert.throws(() => methodNamed("unknown"), /"unknown" is no method.*fine-tuned, uniform/);
  });

  it("refuses what needs a saved fit, and settings that it has not", async () => {
    await assert.rejects(fittedFolder(experiment), /uniform is a method of one process/);
    await assert.rejects(runExperiment({ ...experiment, settings: { x: 1 } }), /settings of uniform/);
  });
});
