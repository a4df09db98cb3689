import { strict as assert } from "node:assert";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { Career } from "labor-llm/dist/careers/career";
import { shortHistories } from "labor-llm/dist/careers/short-histories";
import { splitByPerson } from "labor-llm/dist/careers/split";
import { UserError } from "labor-llm/dist/errors";
import {
  fineTuneCareer,
  fitBagOfJobs,
  fitCareer,
  fitLstm,
  pretrainCareer,
} from "labor-llm/dist/methods/jobs/fit";
import { readJobModel, writeJobModel } from "labor-llm/dist/methods/jobs/job-folder";
import { JobModel } from "labor-llm/dist/methods/jobs/job-model";
import { transferNetwork } from "labor-llm/dist/methods/jobs/transfer";
import { clusterRobustMean, personTotals, surprisal } from "labor-llm/dist/metrics";
import { BagOfJobsNetwork } from "labor-llm/dist/networks/jobs/bag-of-jobs";
import {
  CareerNetwork,
  type CareerNetworkConfig,
  careerSizes,
} from "labor-llm/dist/networks/jobs/career-network";
import { vocabularySizes } from "labor-llm/dist/networks/jobs/job-network";
import { jobTrainable } from "labor-llm/dist/networks/jobs/job-trainable";
import { CareerEncoder, jobVocabulary } from "labor-llm/dist/networks/jobs/vocabulary";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { seedsOf } from "labor-llm/dist/operations/dropout";
import { observedScores } from "labor-llm/dist/predictions/observed-scores";
import type { OccupationModel } from "labor-llm/dist/predictions/occupation-model";
import { scoreObserved } from "labor-llm/dist/predictions/score-observed";
import { Random } from "labor-llm/dist/random";
import { oracleOf, syntheticResumes, syntheticSurvey } from "labor-llm/dist/surveys/synthetic/survey";
import { careersOf, numberedTitles, simulateMarkov } from "../../support/careers";
import { expectClose } from "../../support/close";
import { withScratchFolder } from "../../support/scratch";

const tiny = { layers: 2, width: 16, feedForward: 32, heads: 2 };
const panel = syntheticSurvey("nlsy97-like", { persons: 30 });
const vocabulary = jobVocabulary(panel.titles, panel.careers);

/** Random weights, wide enough that probabilities vary. */
function randomModel(twoStage = true): JobModel {
  const network = CareerNetwork.initialise(
    { ...vocabularySizes(vocabulary), ...tiny, dropout: 0.1, kind: "career", twoStage },
    1,
  );
  for (const variable of network.parameters.values()) if (variable.rank > 1) variable.assign(variable.mul(3));
  return new JobModel("random", network, vocabulary);
}

/** Rows of (N, J) as each person's own array. */
async function byPerson(model: JobModel, careers: readonly Career[]): Promise<Map<string, number[]>> {
  const { logProbability, titles, person } = await model.predict(careers);
  const rows = new Map<string, number[]>(careers.map((career) => [career.person, []]));
  person.forEach((i, n) => {
    const row = logProbability.subarray(n * titles.size, (n + 1) * titles.size);
    rows.get(careers[i].person)!.push(...row);
  });
  return rows;
}

describe("CAREER", () => {
  it("has, at 335 titles, 5,467,776 parameters and 192 for each level of a covariate", () => {
    const titles = new TitleSet(Array.from({ length: 335 }, (_, j) => `title ${j}`));
    const { covariates } = vocabularySizes(vocabulary);
    const network = CareerNetwork.initialise(
      { titles: titles.size, covariates, ...careerSizes, kind: "career", twoStage: true },
      1,
    );
    const [D, F] = [192, 768];
    const attention = 4 * (D * D + D);
    const unit = D * F + F + F * D + D;
    const layers = 12 * (attention + unit + 2 * 2 * D); // two norms a layer
    const jobs = 336 * D; // one for no previous job
    const head = 336 * D; // one for staying
    const levels = covariates.reduce((n, covariate) => n + covariate.levels, 0);
    assert.equal(layers + 2 * D + jobs + head, 5_467_776);
    const counted = [...network.parameters.values()].reduce((n, { size }) => n + size, 0);
    assert.equal(counted, 5_467_776 + levels * D);
    network.dispose();
  });

  for (const twoStage of [true, false]) {
    it(`gives every person-year probabilities that sum to one, with ${twoStage ? "two stages" : "one stage"}`, async () => {
      const model = randomModel(twoStage);
      const { logProbability, titles } = await model.predict(panel.careers);
      for (let n = 0; n < logProbability.length; n += titles.size) {
        const sum = logProbability.subarray(n, n + titles.size).reduce((s, logP) => s + Math.exp(logP), 0);
        expectClose([sum], [1], 1e-4);
      }
      model.dispose();
    });
  }

  it("reads covariates as large as jobs where told, as if the published network's embeddings were √D as large", () => {
    const { network: published, ...model } = randomModel();
    const examples = new JobModel("published", published, model.vocabulary).encode(panel.careers.slice(0, 3));
    const config = published.config as CareerNetworkConfig;
    const scaled = new Map(
      [...published.parameters].map(([name, values]) => {
        const isOfCovariate = config.covariates.some((one) => name === `embed.${one.name}.weight`);
        return [name, tf.variable(isOfCovariate ? values.div(Math.sqrt(config.width)) : values.clone())];
      }),
    );
    const jobs = new CareerNetwork({ ...config, covariateScale: "jobs" }, scaled);
    const [a, b] = [published, jobs].map((one) => one.logProbabilities(examples).dataSync());
    expectClose(b, a, 1e-4);
    published.dispose();
    jobs.dispose();
  });

  it("has a bag of jobs that reads the last job alone, and one that reads them all", async () => {
    const career = panel.careers.find(({ observations }) => observations.length > 4)!;
    const changed = structuredClone(career);
    changed.observations[0].title = panel.titles.titles.find(
      (title) => title !== career.observations[0].title,
    )!;
    const J = panel.titles.size;
    for (const history of ["last", "all"] as const) {
      const config = {
        ...vocabularySizes(vocabulary),
        kind: "bag-of-jobs",
        twoStage: true,
        width: 8,
        history,
      } as const;
      const model = new JobModel("bag", BagOfJobsNetwork.initialise(config, 1), vocabulary);
      const [before, after] = [await model.predict([career]), await model.predict([changed])];
      const rows = (from: number, to: number) =>
        [before, after].map(({ logProbability }) => [...logProbability.subarray(from * J, to * J)]);
      assert.notDeepEqual(...(rows(1, 2) as [number[], number[]]), "the year after the change");
      const [first, second] = rows(2, career.observations.length);
      if (history === "last") assert.deepEqual(first, second);
      else assert.notDeepEqual(first, second);
      model.dispose();
    }
  });

  it("predicts a person the same whoever is predicted beside them", async () => {
    const model = randomModel();
    const together = await byPerson(model, panel.careers);
    const order = new Random("order").permutation(panel.careers.length);
    const shuffled = await byPerson(
      model,
      Array.from(order.subarray(0, 20), (i) => panel.careers[i]),
    );
    for (const [person, row] of shuffled) expectClose(row, together.get(person)!, 1e-5);
    const [career] = panel.careers;
    expectClose((await byPerson(model, [career])).get(career.person)!, together.get(career.person)!, 1e-5);
    model.dispose();
  });

  it("reads the current year and education, and nothing of the current title or later", async () => {
    const model = randomModel();
    const { titles } = panel;
    const career = panel.careers.find(({ observations }) => observations.length > 8)!;
    const changed = structuredClone(career);
    changed.observations[5].title = titles.titles[(titles.indexOf(changed.observations[5].title) + 1) % 30];
    changed.observations[6].education = "graduate degree";
    const rowsOf = async (some: Career) => (await byPerson(model, [some])).get(career.person)!;
    const [before, after] = [await rowsOf(career), await rowsOf(changed)];
    const J = titles.size;
    expectClose(after.slice(0, 6 * J), before.slice(0, 6 * J), 1e-6);
    changed.observations[5].title = career.observations[5].title;
    const educated = await rowsOf(changed);
    expectClose(educated.slice(0, 6 * J), before.slice(0, 6 * J), 1e-6);
    const moved = educated.slice(6 * J, 7 * J).some((logP, j) => Math.abs(logP - before[6 * J + j]) > 1e-2);
    assert.ok(moved, "the year whose education changed has another prediction");
    model.dispose();
  });

  it("on parts of careers has the loss of the person-years that are predicted, whatever the batch's layout", () => {
    const model = randomModel();
    const { network } = model;
    const trainable = jobTrainable(network);
    const whole = panel.careers.slice(0, 8);
    const parts = shortHistories({ ...panel, careers: whole }, 2).careers;
    // A row of a part is the last row of that part as a career of its own.
    const rows = parts.flatMap(({ given, ...part }) => {
      const [encoded] = model.encode([part]);
      const scores = network.logProbabilities([encoded]).arraySync(); // (T, J)
      const of = (t: number) => -scores[t][encoded.titles[t]];
      const T = encoded.titles.length;
      return given ? [of(T - 1)] : Array.from({ length: T }, (_, t) => of(t));
    });
    const encoded = model.encode(parts);
    assert.equal(
      encoded.reduce((sum, one) => sum + trainable.targets(one), 0),
      rows.length,
    );
    const mean = rows.reduce((a, b) => a + b, 0) / rows.length;
    expectClose([trainable.loss(encoded).dataSync()[0]], [mean], 1e-5, { relative: true });
    const collation = trainable.collation!([encoded], 200)!;
    const calls = collation.collate(encoded)!;
    assert.ok(calls.length > 1);
    const seeds = seedsOf(new Random("none"));
    // Dropout falls in a collated loss: without any, it is the same mean.
    const still = { ...network.config, dropout: 0 };
    const quiet = jobTrainable(
      new CareerNetwork(
        still as CareerNetwork["config"],
        network.parameters as Map<string, tf.Variable>,
        "test",
      ),
    );
    const again = quiet.collation!([encoded], 200)!;
    const sum = calls.reduce((total, call) => total + again.loss(call, seeds).dataSync()[0], 0);
    expectClose([sum], [mean], 1e-5, { relative: true });
    assert.notDeepEqual(
      trainable.fingerprint(encoded[8]),
      trainable.fingerprint({ ...encoded[8], given: 1 }),
    );
    model.dispose();
  });

  it("draws dropout as a pure function of its random source", () => {
    const model = randomModel();
    const examples = model.encode(panel.careers.slice(0, 4));
    const loss = (seed: number) =>
      tf.tidy(
        () =>
          model.network
            .loss(examples, { training: true, seeds: seedsOf(new Random("d", seed)) })
            .dataSync()[0],
      );
    assert.equal(loss(1), loss(1));
    assert.notEqual(loss(1), loss(2));
    model.dispose();
  });

  it("knows missing values, words never seen, and years beyond those of training", () => {
    const careers: Career[] = [
      { person: "a", covariates: { gender: "female" }, observations: [{ year: 2000, title: "0" }] },
      { person: "b", covariates: { gender: "male" }, observations: [{ year: 2010, title: "0" }] },
    ];
    const encoder = new CareerEncoder(jobVocabulary(numberedTitles(2), careers, ["year", "gender"]));
    const levels = (year: number, gender?: string) => {
      const covariates = gender === undefined ? {} : { gender };
      return [...encoder.encode({ person: "x", covariates, observations: [{ year, title: "1" }] }).levels];
    };
    assert.deepEqual(levels(2000, "female"), [1, 1]);
    assert.deepEqual(levels(2030, "male"), [2, 2]);
    assert.deepEqual(levels(2004), [1, 0]);
    assert.deepEqual(levels(1950, "unheard of"), [1, 0]);
  });

  it("never beats the law of a synthetic survey beyond the standard error, and learns from it", async function () {
    this.timeout(120_000);
    const { train, validation, test } = splitByPerson(syntheticSurvey("nlsy97-like", { persons: 150 }), {
      seed: 1,
    });
    const training = { epochs: 3, learningRate: 3e-3, warmupSteps: 10, batch: { texts: 8 } };
    const model = await fitCareer(train, validation, { ...tiny, dropout: 0, training });
    const control = new JobModel(
      "untrained",
      CareerNetwork.initialise({ ...model.network.config, ...tiny, kind: "career", dropout: 0 }, 9),
      model.vocabulary,
    );
    const fitted = await model.predict(test.careers);
    const surprise = surprisal(observedScores(fitted));
    /** Mean by which the fitted model is better than another, in nats a person-year. */
    const gainOver = async (other: OccupationModel) => {
      const theirs = surprisal(await scoreObserved(other, test.careers));
      return clusterRobustMean(
        personTotals(
          fitted,
          theirs.map((x, n) => x - surprise[n]),
        ).all,
      );
    };
    const overLaw = await gainOver(oracleOf(test)!);
    assert.ok(overLaw.value < 2 * overLaw.standardError, `${overLaw.value} better than the law`);
    const overChance = await gainOver(control);
    assert.ok(overChance.value > 3 * overChance.standardError, `${overChance.value} better than chance`);
    control.dispose();
    model.dispose();
  });

  it("keeps what résumés taught of titles and levels that a survey shares, and starts the rest anew", async () => {
    const resumes = syntheticResumes({ persons: 40 });
    const training = { epochs: 1, batch: { texts: 20 } };
    const pretrained = await pretrainCareer(resumes, resumes, { ...tiny, training });
    const network = transferNetwork(pretrained, vocabulary, 1);
    const rows = (from: typeof network | typeof pretrained.network, name: string) =>
      from.parameters.get(name)!.arraySync() as number[][];
    assert.ok(!resumes.titles.has("Unemployed") && panel.titles.has("Unemployed"));
    panel.titles.titles.forEach((title, j) => {
      if (!resumes.titles.has(title)) return;
      const old = resumes.titles.indexOf(title);
      assert.deepEqual(rows(network, "head.weight")[j], rows(pretrained.network, "head.weight")[old]);
      assert.deepEqual(
        rows(network, "embed.job.weight")[j + 1],
        rows(pretrained.network, "embed.job.weight")[old + 1],
      );
    });
    assert.deepEqual(
      rows(network, "head.weight").at(-1),
      rows(pretrained.network, "head.weight").at(-1),
      "staying",
    );
    const layer = "layers.1.linear1.weight";
    assert.deepEqual(rows(network, layer), rows(pretrained.network, layer));
    const [unknown] = rows(pretrained.network, "embed.region.weight"); // résumés hold no region
    for (const row of rows(network, "embed.region.weight")) assert.deepEqual(row, unknown);
    network.dispose();

    const kept = rows(pretrained.network, layer);
    const tuned = await fineTuneCareer(pretrained, panel, panel, { training });
    assert.equal(tuned.vocabulary.titles, panel.titles);
    assert.deepEqual(rows(pretrained.network, layer), kept, "the pre-trained model stays as it is");
    assert.notDeepEqual(rows(tuned.network, layer), kept);
    tuned.dispose();
    const strangers = { titles: numberedTitles(3), careers: careersOf("0 1 2") };
    await assert.rejects(fineTuneCareer(pretrained, strangers, strangers), /share no title/);
    pretrained.dispose();
  });
});

describe("Baselines over jobs", () => {
  /** People alternate between the titles of a pair; which pair is chosen at random. */
  const alternating = simulateMarkov(
    [0.5, 0, 0.5, 0],
    [
      [0.1, 0.9, 0, 0],
      [0.9, 0.1, 0, 0],
      [0, 0, 0.1, 0.9],
      [0, 0, 0.9, 0.1],
    ],
    { persons: 80, years: 8, seed: 1 },
  );
  const train = { titles: numberedTitles(4), careers: alternating };
  const entropy = (Math.log(2) + 7 * -(0.9 * Math.log(0.9) + 0.1 * Math.log(0.1))) / 8;
  const training = { epochs: 15, learningRate: 3e-2, warmupSteps: 10, batch: { texts: 10 } };

  for (const [name, make] of [
    ["bag of jobs", () => fitBagOfJobs(train, train, { width: 8, training })],
    ["LSTM", () => fitLstm(train, train, { layers: 1, width: 12, dropout: 0, training })],
    [
      "one-stage LSTM",
      () => fitLstm(train, train, { layers: 1, width: 12, dropout: 0, twoStage: false, training }),
    ],
  ] as const) {
    it(`learn a law of transitions: ${name}`, async () => {
      const model = await make();
      const loss = tf.tidy(() => model.network.loss(model.encode(alternating)).dataSync()[0]);
      assert.ok(Math.abs(loss - entropy) < 0.06, `loss ${loss}, the law's ${entropy}`);
      model.dispose();
    });
  }
});

describe("A model over jobs in a folder", () => {
  it("comes back the same", async () => {
    const model = randomModel();
    const expected = await byPerson(model, panel.careers);
    const again = withScratchFolder((folder) => {
      writeJobModel(folder, model);
      return readJobModel(folder);
    });
    assert.equal(again.name, model.name);
    assert.deepEqual(again.network.config, model.network.config);
    for (const [person, row] of await byPerson(again, panel.careers)) {
      expectClose(row, expected.get(person)!, 0);
    }
    model.dispose();
    again.dispose();
  });

  it("is refused in one line where it was cut short, or its parts do not fit", () => {
    const model = randomModel();
    withScratchFolder((folder) => {
      writeJobModel(folder, model);
      const config = join(folder, "config.json");
      const text = readFileSync(config, "utf8");
      const refuse = (change: (json: string) => string, message: RegExp) => {
        writeFileSync(config, change(text));
        assert.throws(
          () => readJobModel(folder),
          (error) => {
            assert.ok(error instanceof UserError && message.test(error.message), String(error));
            return true;
          },
        );
      };
      refuse((json) => json.replace('"layers": 2', '"layers": 3'), /layers\.2\.norm1\.weight is missing/);
      refuse((json) => json.replace('"width": 16', '"width": 20'), /has shape/);
      refuse((json) => json.replace('"kind": "career"', '"kind": "carreer"'), /no network of kind "carreer"/);
      refuse((json) => json.replace(/"levels": 1?\d\b/, '"levels": 99'), /not those of the vocabulary/);
      refuse((json) => json.replace('"titles": [', '"titles": [3,'), /vocabulary is malformed/);
      refuse((json) => json.slice(0, 100), /config\.json/);
      rmSync(config);
      assert.throws(() => readJobModel(folder), /cut short/);
      assert.ok(existsSync(join(folder, "model.safetensors")));
    });
    model.dispose();
  });

  it("is not made of impossible options or careers", async () => {
    const careers = careersOf("0 1 0", "1 0");
    const two = { titles: numberedTitles(2), careers };
    await assert.rejects(fitCareer(two, two, { ...tiny, heads: 3 }), /multiple of the heads/);
    await assert.rejects(fitCareer({ ...two, careers: [] }, two, tiny), /training set is empty/);
    const one = { titles: numberedTitles(1), careers: careersOf("0") };
    await assert.rejects(fitCareer(one, one, tiny), /Nobody can move/);
    await assert.rejects(fitCareer(two, { careers: careersOf("7") }, tiny), /"7" is none of the 2 titles/);
  });
});
