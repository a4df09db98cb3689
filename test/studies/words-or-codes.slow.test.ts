import { strict as assert } from "node:assert";
import {
  compareMethods,
  type Experiment,
  type MeasureId,
  type NamedExperiment,
  only,
  splitOf,
  where,
} from "labor-llm";
import { ORACLE } from "labor-llm/dist/experiments/compare-methods";
import { standingOf } from "labor-llm/dist/metrics/standing";
import { chooseByValidation } from "labor-llm/dist/studies/choose";
import { judgeOrders } from "labor-llm/dist/studies/evidence/claims";
import { ownRuns } from "../support/own-runs";

describe("Data, on small cases of the law", () => {
  ownRuns();
  const markov = (experiment: Partial<Experiment>): Experiment => ({
    survey: "synthetic-psid",
    method: "markov",
    persons: { train: 300, test: 60 },
    seed: 1,
    ...experiment,
  });
  const others = ["synthetic-nlsy79", "synthetic-nlsy97"].map((survey) => ({ survey, persons: 100 }));

  it("samples of a share are nested, in whole persons, and a share that is none is refused", () => {
    const people = (share: number) => splitOf(markov({ share })).train.careers.map(({ person }) => person);
    const [few, more, all] = [0.01, 0.3, 1].map(people);
    assert.deepEqual([few.length, more.length, all.length], [3, 90, 300]);
    assert.ok(few.every((person) => more.includes(person)) && more.every((person) => all.includes(person)));
    for (const share of [0, 1.5, NaN])
      assert.throws(() => splitOf(markov({ share })), { message: /^share is/ });
  });

  it("more helps, pooling helps a small survey, and no pool beats the oracle, each beyond its error", async () => {
    const rows: NamedExperiment[] = [
      { label: "all", experiment: markov({}) },
      { label: "a tenth", experiment: markov({ share: 0.1 }) },
      { label: "a tenth, pooled", experiment: markov({ share: 0.1, pool: others }) },
    ];
    const compared = async (reference: string) =>
      where((await compareMethods(rows, { reference, kinds: ["all"], replications: 500 })).measurements, {
        measure: "log-loss difference",
      });
    for (const reference of ["all", "a tenth, pooled"]) {
      const { estimate, persons } = only(await compared(reference), { model: "a tenth" });
      assert.equal(standingOf({ ...estimate, persons }), "above", `${estimate.value}`);
    }
    for (const { model, estimate, persons } of await compared(ORACLE))
      if (model !== ORACLE) assert.equal(standingOf({ ...estimate, persons }), "above", model);
  });

  it("pooling does not help under another law: the same careers, their titles dealt out", async () => {
    const dealt = others.map(({ survey, persons }) => ({ survey: `${survey}-dealt`, persons }));
    const comparison = await compareMethods([
      { label: "alone", experiment: markov({ share: 0.1 }) },
      { label: "same law", experiment: markov({ share: 0.1, pool: others }) },
      { label: "another law", experiment: markov({ share: 0.1, pool: dealt }) },
    ]);
    const nats = (lower: string, higher: string) => {
      const [row] = judgeOrders(comparison, [{ claim: "", lower, higher }], { replications: 500 });
      return [row.value, row.standardError];
    };
    for (const [lower, higher] of [
      ["same law", "alone"],
      ["alone", "another law"],
    ]) {
      const [gain, error] = nats(lower, higher);
      assert.ok(gain > 1.96 * error, `${lower} below ${higher}: ${gain} (${error})`);
    }
  });

  it("weights are chosen on the validation persons, and a pool's weight matters", async () => {
    const experiments = [0, 0.1, 10].map((weight) => ({
      label: String(weight),
      experiment: markov({ share: 0.1, pool: [{ survey: "synthetic-resumes", persons: 200, weight }] }),
    }));
    const { chosen, measurements } = await chooseByValidation(experiments, { replications: 100 });
    const perplexities = where(measurements, { measure: "perplexity" }).map(({ estimate }) => estimate.value);
    const of = (measure: MeasureId) => only(measurements, { model: chosen, measure }).estimate.value;
    assert.deepEqual([of("perplexity"), of("log-loss difference")], [Math.min(...perplexities), 0]);
    assert.equal(new Set(perplexities).size, 3);
    const above = where(measurements, { measure: "log-loss difference", against: chosen });
    assert.ok(above.length === 3 && above.every(({ estimate }) => estimate.value >= 0));
    const { validation } = splitOf(experiments[0].experiment);
    const persons = new Set(measurements.map(({ on, persons }) => `${persons} of ${on.predicts}`));
    assert.deepEqual([...persons], [`${validation.careers.length} of validation`]);
  });
});
