import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { type Experiment, fitExperiment, runExperiment } from "labor-llm";
import { splitByPerson } from "labor-llm/dist/careers/split";
import { type FullExperiment, tryExperiment } from "labor-llm/dist/experiments/experiment";
import { readLanguageModel, writeLanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { observedScores } from "labor-llm/dist/predictions/observed-scores";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { writeTokenizer } from "labor-llm/dist/text/train-tokenizer";
import { expectClose } from "../support/close";
import { tinyLanguageModel, tinyTokenizer } from "../support/tiny-language-model";

describe("An experiment", () => {
  const panel = readNlsyYoungMen();
  const few = { ...panel, careers: panel.careers.slice(0, 24) };
  const split = splitByPerson(few, { seed: 1 });
  let folder: string;
  let experiment: FullExperiment & { settings: { base: string; training: object; vocabulary: "full" } };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-runs-"));
    process.env.LABOR_LLM_RUNS = join(folder, "runs");
    const base = join(folder, "base");
    writeTokenizer(join(folder, "tokenizer"), tinyTokenizer(few));
    writeLanguageModel(base, tinyLanguageModel(few), join(folder, "tokenizer"));
    const training = { epochs: 2, batch: { texts: 8 } };
    experiment = {
      survey: "nlsy-young-men",
      method: "fine-tuned",
      settings: { base, training, vocabulary: "full" },
      persons: { train: 15, validation: 5, test: 4 },
      seed: 1,
    };
  });
  after(() => {
    delete process.env.LABOR_LLM_RUNS;
    rmSync(folder, { recursive: true });
  });

  const fits = () => (readdirSync(join(folder, "runs")) as string[]).length;
  const training = (changed: object) => ({
    settings: { ...experiment.settings, training: { ...experiment.settings.training, ...changed } },
  });

  it("leaves nothing on the engine, whichever language model it asks", async () => {
    const { settings, ...rest } = experiment;
    const base = { base: settings.base };
    const runs: [method: string, settings: object][] = [
      ["off-the-shelf", base],
      ["off-the-shelf", { ...base, vocabulary: "reachable" }],
      ["in-context", base],
      ["embedding-logit", { ...base, layers: [1], ridge: 1 }],
      ["fine-tuned", { ...settings, vocabulary: "reachable" }],
      ["fine-tuned", { ...settings, lora: { rank: 1, alpha: 2 } }],
    ];
    const known = { ...split, test: split.validation }; // in tokens that training careers have
    for (const [method, own] of runs) {
      await runExperiment({ ...rest, method, settings: own }, undefined, known); // makes what is made once
      const before = tf.memory().numTensors;
      for (const seed of [2, 3]) {
        await runExperiment({ ...rest, method, settings: own, seed }, undefined, known);
      }
      assert.equal(tf.memory().numTensors, before, `${method} ${JSON.stringify(own)}`);
    }
    rmSync(join(folder, "runs"), { recursive: true });
  });

  it("is taken up the second time, the same to the bit, and fits anew for anything that is changed", async () => {
    let calls = 0;
    const first = await runExperiment(experiment, () => calls++, split);
    assert.ok(calls > 0);
    calls = 0;
    const again = await runExperiment(experiment, () => calls++, split);
    assert.equal(calls, 0);
    assert.deepEqual(again, first);
    const fit = await fitExperiment(experiment, () => calls++, split);
    assert.equal(calls, 0);
    assert.deepEqual(await fit.model.predict(split.test.careers), first.distribution);
    assert.equal(fits(), 1);

    const changes: [Partial<Experiment>, typeof split?][] = [
      [training({ learningRate: 2e-3 })],
      [training({ batch: { texts: 4 } })],
      [{ seed: 2 }],
      [{ fitSeed: 3 }],
      [{ wording: { titles: "numeric" } }],
      [{ wording: { titles: "numeric", deal: 1 } }],
      [{ wording: { titles: "shuffled" } }],
      [{ wording: { titles: "shuffled", deal: 2 } }],
      [{ pool: [{ survey: "nlsy-young-men", persons: 6 }] }],
      [{ pool: [{ survey: "nlsy-young-men", persons: 6, weight: 0.5 }] }],
      [{ pool: [{ survey: "nlsy-young-men", persons: 6, share: 0.5 }] }],
      [{ pool: [{ survey: "nlsy-young-men", persons: 6, weighting: "raked" }] }],
      [{ wording: { omit: ["gender"] } }],
      [{ method: "off-the-shelf", settings: { base: experiment.settings.base } }],
      [{}, splitByPerson(few, { seed: 2 })],
    ];
    for (const [i, [change, other]] of changes.entries()) {
      await fitExperiment({ ...experiment, ...change }, undefined, other ?? split);
      assert.equal(fits(), i + 2, JSON.stringify(change));
    }
    // What counts nothing leaves the fit as it is, and asking for less needs no other fit.
    await fitExperiment({ ...experiment, pool: [{ survey: "nlsy-young-men", weight: 0 }] }, undefined, split);
    const observed = await runExperiment({ ...experiment, observedOnly: true }, undefined, split);
    expectClose(observed.scores.observedLogProbability, first.scores.observedLogProbability, 1e-4);
    assert.equal(observed.distribution, undefined);
    assert.deepEqual(first.scores, observedScores(first.distribution));
    assert.equal(fits(), changes.length + 1);
    // Other test persons need no other fit.
    const elsewhere = { ...split, test: split.validation };
    assert.equal((await runExperiment(experiment, undefined, elsewhere)).distribution.person.at(-1), 0);
    assert.equal(fits(), changes.length + 1);
  });

  it("fits anew for other years or steps, scores the years asked for, and takes up the rest", async () => {
    const career: Experiment = {
      survey: "nlsy-young-men",
      method: "career",
      persons: { train: 12, validation: 4, test: 6 },
      seed: 1,
    };
    const small = { settings: { layers: 1, width: 8, heads: 2, training: { epochs: 1 } } };
    const base = { ...career, ...small };
    const years = { train: { to: 1983 }, test: { from: 1984, to: 1985 } };
    let count = fits();
    const run = async (change: Partial<Experiment>, news: number) => {
      const outcome = await runExperiment({ ...base, ...change });
      assert.equal(fits(), count + news, JSON.stringify(change));
      count += news;
      return [...new Set(outcome.scores.year)];
    };
    assert.equal((await run({}, 1)).length, 8);
    assert.deepEqual(await run({ years }, 1), [1984, 1985]);
    assert.deepEqual(await run({ years: { ...years, test: { from: 1986 } } }, 0), [1986, 1987]);
    assert.deepEqual(await run({ years: { test: years.test } }, 0), [1984, 1985]);
    assert.deepEqual(await run({ years }, 0), [1984, 1985]);
    await run({ years: { ...years, train: { to: 1982 } } }, 1);
    await run({ years: { ...years, train: { from: 1981, to: 1983 } } }, 1);
    await run({ step: 2 }, 1);
    await run({ step: 3 }, 1);
    await run({ resample: 1 }, 1);
    await run({ resample: 2 }, 1);
    await run({ resample: 2, fitSeed: 2 }, 1);
    await run({ resample: 2, fitSeed: base.seed }, 0);
  });

  it("leaves the base model as it was", async () => {
    const weights = () =>
      [...readLanguageModel(experiment.settings.base).decoder.parameters.values()].map((v) => v.dataSync());
    const before = weights();
    await fitExperiment({ ...experiment, ...training({ epochs: 1 }) }, undefined, split);
    assert.deepEqual(weights(), before);
  });

  it("that cannot be run says why, in a row of its own", async () => {
    const reasonOf = async (change: Partial<Experiment>) => {
      const outcome = await tryExperiment({ ...experiment, ...change }, undefined, split);
      assert.ok("reason" in outcome);
      return outcome.reason;
    };
    const pool = [{ survey: "nlsy-young-men", persons: 2 }];
    assert.match(await reasonOf({ method: "off-the-shelf", settings: {}, pool }), /cannot learn from pooled/);
    assert.match(
      await reasonOf({ pool: [{ survey: "synthetic-resumes", persons: 2 }] }),
      /none of the survey's 9 titles/,
    );
    assert.match(
      await reasonOf({ pool: [{ survey: "nlsy-young-men", weight: -1 }] }),
      /a pool's weight is -1/,
    );
    assert.match(await reasonOf({ method: "oracel" }), /"oracel" is no method.*off-the-shelf/s);
    assert.match(await reasonOf({ settings: { bass: "x" } }), /settings of fine-tuned: .*bass/);
    assert.match(await reasonOf(training({ epochs: 0 })), /training\.epochs/);
    const later = { years: { train: { to: 2007 }, test: { from: 2008 } } };
    const late = await tryExperiment({ ...experiment, ...later });
    assert.ok("reason" in late);
    assert.match(late.reason, /nobody is observed from 2008 on; its years are 1980 to 1987/);
    writeFileSync(join(folder, "empty"), "");
    assert.match(await reasonOf({ settings: { base: join(folder, "empty") } }), /empty/);
  });
});
