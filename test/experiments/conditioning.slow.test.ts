import { strict as assert } from "node:assert";
import { compareMethods, type Experiment, fitExperiment, runExperiment, splitOf } from "labor-llm";
import {
  hideCovariates,
  permuteCovariates,
  predictGiven,
  rowsWithHistory,
  scoreGiven,
} from "labor-llm/dist/experiments/conditioning";
import type { FullExperiment } from "labor-llm/dist/experiments/experiment";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import { measurePerplexity, only } from "labor-llm/dist/metrics";
import { compareDistributions } from "labor-llm/dist/studies/audit-rerun";
import { judgeOrders } from "labor-llm/dist/studies/evidence/claims";
import { oracleOf } from "labor-llm/dist/surveys/synthetic/survey";
import { scoresOf } from "../metrics/distributions";
import { ownRuns } from "../support/own-runs";
import { tinyLanguageModel } from "../support/tiny-language-model";

describe("What a model is given of test persons", () => {
  ownRuns();
  const experiment = (change: Partial<FullExperiment>): FullExperiment => ({
    survey: "nlsy-young-men",
    method: "markov",
    persons: { train: 60, validation: 10, test: 12 },
    seed: 1,
    ...change,
  });

  it("changes nothing where a model looks no further back: Markov tables of both orders, to the bit", async () => {
    for (const [order, least] of [
      [1, 1],
      [2, 2],
    ]) {
      const settings = { order, given: ["education"] };
      const whole = await runExperiment(experiment({ settings }));
      for (const history of [least, least + 1, 100]) {
        const { distribution } = await runExperiment(experiment({ settings, conditioning: { history } }));
        assert.deepEqual(distribution, whole.distribution, `order ${order}, last ${history}`);
      }
      const { distribution } = await runExperiment(
        experiment({ settings, conditioning: { history: least - 1 } }),
      );
      assert.ok(compareDistributions(distribution, whole.distribution).largest > 0.01);
    }
  });

  it("is, of a language model, the text of the shorter career: each row as the career's end that was cut out by hand", async () => {
    const { test, train } = splitOf(experiment({}));
    const { decoder, tokenizer } = tinyLanguageModel(train);
    const model = new LanguageOccupationModel("tiny", decoder, tokenizer, test.titles, {
      surveyTag: test.surveyTag,
    });
    const careers = test.careers.slice(0, 3);
    const J = test.titles.size;
    const short = await predictGiven(model, careers, { history: 2 }, 1);
    const observed = await scoreGiven(model, careers, { history: 2 }, 1);
    let n = 0;
    for (const career of careers) {
      for (let i = 0; i < career.observations.length; i++, n++) {
        const cut = { ...career, observations: career.observations.slice(Math.max(0, i - 2), i + 1) };
        const alone = await model.predict([cut]);
        const row = alone.observed.length - 1;
        for (let j = 0; j < J; j++) {
          assert.ok(Math.abs(alone.logProbability[row * J + j] - short.logProbability[n * J + j]) < 1e-4);
        }
        const logP = short.logProbability[n * J + short.observed[n]];
        assert.ok(Math.abs(observed.observedLogProbability[n] - logP) < 1e-4);
      }
    }
    const whole = await model.predict(careers);
    assert.deepEqual(
      [short.observed, short.person, short.year, short.previous],
      [whole.observed, whole.person, whole.year, whole.previous],
    );
  });

  it("keeps the fit, and each change has an answer of its own", async () => {
    const settings = { layers: 1, width: 16, heads: 2, training: { epochs: 1 } };
    const career = experiment({ method: "career", settings });
    const { model } = await fitExperiment(career);
    const told = [
      undefined,
      { history: 1 },
      { history: 2 },
      { permuted: ["education"] },
      { permuted: ["region"] },
    ] as const;
    const answers = [];
    for (const one of told)
      answers.push((await runExperiment({ ...career, conditioning: one })).distribution);
    assert.deepEqual(answers[0], await model.predict(splitOf(career).test.careers));
    for (let a = 0; a < answers.length; a++) {
      for (let b = 0; b < a; b++)
        assert.ok(compareDistributions(answers[a], answers[b]).largest > 0, `${a} and ${b}`);
    }
    await assert.rejects(runExperiment({ ...career, conditioning: { history: 1.5 } }), /a history of 1.5/);
  });

  it("permuted covariates are those of other persons, together, and leave the shares and the titles as they are", () => {
    const { careers } = splitOf(experiment({ persons: {} })).test;
    const permuted = permuteCovariates(careers, ["ethnicity", "region"], 1);
    const pairs = (list: typeof careers) =>
      list.map(({ covariates: { ethnicity, region } }) => `${ethnicity}, ${region}`);
    assert.deepEqual([...pairs(permuted)].sort(), [...pairs(careers)].sort());
    assert.notDeepEqual(pairs(permuted), pairs(careers));
    // Nobody keeps the own: of ten persons with a region each, all have another's.
    const ten = careers
      .slice(0, 10)
      .map((career, i) => ({ ...career, covariates: { region: `region ${i}` } }));
    for (let seed = 1; seed <= 20; seed++) {
      const others = permuteCovariates(ten, ["region"], seed).map(({ covariates }) => covariates.region);
      assert.ok(others.every((region, i) => region !== `region ${i}`));
      assert.equal(new Set(others).size, 10);
    }
    assert.throws(() => permuteCovariates(careers.slice(0, 1), ["region"], 1), { name: "UserError" });
    permuted.forEach((career, i) => {
      assert.deepEqual(career.observations, careers[i].observations);
      assert.equal(career.covariates.birthYear, careers[i].covariates.birthYear);
    });
    const schooled = permuteCovariates(careers, ["education"], 1);
    schooled.forEach(({ observations, covariates }, i) => {
      assert.deepEqual(covariates, careers[i].covariates);
      assert.deepEqual(
        observations.map(({ year, title }) => [year, title]),
        careers[i].observations.map(({ year, title }) => [year, title]),
      );
    });
    assert.notDeepEqual(schooled, careers);
  });

  it("rows with a history are those before which so many observations were made", async () => {
    const { distribution } = await runExperiment(experiment({}));
    const some = rowsWithHistory(distribution, 3);
    assert.equal(rowsWithHistory(distribution, 0).observed.length, distribution.observed.length);
    // Eight years each: all but the first three.
    assert.equal(some.observed.length, (distribution.observed.length * 5) / 8);
    assert.ok(some.year.every((year) => year >= 1983));
  });

  it("on the law: forgetting hurts the law and a network, and hiding covariates hurts the law, beyond the error", async () => {
    const { test } = splitOf({ survey: "synthetic-nlsy97", persons: { test: 120 }, seed: 1 });
    const law = oracleOf(test)!;
    const whole = await law.predict(test.careers);
    const anew = await predictGiven(law, test.careers, { history: 1 }, 1);
    const hidden = await law.predict(hideCovariates(test.careers, ["gender"]));
    for (const [label, less] of Object.entries({ anew, hidden })) {
      const found = measurePerplexity("s", scoresOf({ whole, less }), { kinds: ["all"], reference: "whole" });
      const { value, standardError } = only(found, {
        model: "less",
        measure: "log-loss difference",
      }).estimate;
      assert.ok(value > 1.96 * standardError, `${label}: ${value} (${standardError})`);
    }
    const network: Experiment = {
      survey: "synthetic-nlsy97",
      method: "career",
      settings: { layers: 1, training: { epochs: 12 } },
      persons: { train: 200, validation: 40, test: 80 },
      seed: 1,
    };
    const comparison = await compareMethods([
      { label: "all", experiment: network },
      { label: "last", experiment: { ...network, conditioning: { history: 1 } } },
    ]);
    const [claim] = judgeOrders(comparison, [{ claim: "hurts", lower: "all", higher: "last" }]);
    assert.equal(claim.side, "above", `${claim.value}`);
  });
});
