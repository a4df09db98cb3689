import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { splitByPerson } from "labor-llm";
import { fineTune, trainingTexts } from "labor-llm/dist/methods/language/fine-tune";
import { decoderTrainable } from "labor-llm/dist/networks/decoder/decoder-trainable";
import { predictedTokens, tokensOf } from "labor-llm/dist/networks/decoder/training-text";
import { initialise } from "labor-llm/dist/networks/jobs/job-network";
import { jobTrainable } from "labor-llm/dist/networks/jobs/job-trainable";
import { networkOf, parametersOf } from "labor-llm/dist/networks/jobs/networks";
import { defaultTraining } from "labor-llm/dist/networks/training/options";
import { headCrossEntropy } from "labor-llm/dist/operations";
import { oneStageCrossEntropy, twoStageCrossEntropy } from "labor-llm/dist/operations/two-stage";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { expectClose } from "../../support/close";
import { tinyLanguageModel } from "../../support/tiny-language-model";

const normal = (seed: number, ...shape: [number, number]) =>
  tf.randomNormal(shape, 0, 1, "float32", seed) as tf.Tensor2D;
const ints = (values: number[]) => tf.tensor1d(values, "int32");

/** Row i counts `TIMES[i]` times: by a weight, or by standing there so often. */
const TIMES = [2, 1, 0, 3, 1];
const repeated = TIMES.flatMap((times, i) => Array.from({ length: times }, () => i));
const weights = () => tf.tensor1d(TIMES);

describe("A weight in a loss", () => {
  const cases: Record<string, (x: tf.Tensor2D, rows: number[], w?: tf.Tensor1D) => tf.Scalar> = {
    "a language model's head": (x, rows, w) =>
      headCrossEntropy(x, head, ints(rows.map((i) => [3, 0, 7, 7, 1][i])), { weights: w, logitsAtOnce: 24 }),
    "a head whose logits are capped": (x, rows, w) =>
      headCrossEntropy(x, head, ints(rows.map((i) => [3, 0, 7, 7, 1][i])), { weights: w, cap: 1.5 }),
    "two stages": (x, rows, w) =>
      twoStageCrossEntropy(
        x,
        ints(rows.map((i) => [-1, 0, 2, 2, 4][i])),
        ints(rows.map((i) => [3, 0, 1, 2, 1][i])),
        w,
      ),
    "one softmax": (x, rows, w) => oneStageCrossEntropy(x, ints(rows.map((i) => [3, 0, 1, 2, 1][i])), w),
  };
  const head = tf.variable(normal(2, 9, 6));
  for (const [name, loss] of Object.entries(cases)) {
    it(`counts a row as if it stood there so often, in value and gradient: ${name}`, () => {
      const x = normal(1, 5, 6);
      const share = repeated.length / TIMES.length;
      const weighted = (input: tf.Tensor2D) => loss(input, [0, 1, 2, 3, 4], weights());
      const asOften = (input: tf.Tensor2D) =>
        loss(tf.gather(input, ints(repeated)), repeated).mul<tf.Scalar>(share);
      expectClose(weighted(x).dataSync(), asOften(x).dataSync(), 1e-5);
      const gradient = (f: (input: tf.Tensor2D) => tf.Scalar) => tf.grad(f as (t: tf.Tensor) => tf.Scalar)(x);
      expectClose(gradient(weighted).dataSync(), gradient(asOften).dataSync(), 1e-5);
      if (!name.includes("head")) return;
      const ofHead = (f: (input: tf.Tensor2D) => tf.Scalar) =>
        Object.values(tf.variableGrads(() => f(x), [head]).grads)[0].dataSync();
      expectClose(ofHead(weighted), ofHead(asOften), 1e-5);
    });
  }

  const panel = readNlsyYoungMen();
  const few = { ...panel, careers: panel.careers.slice(0, 6) };

  it("of a text or of a career is that of each of its terms, in batches of several texts too", () => {
    const model = tinyLanguageModel(few);
    const texts = trainingTexts(few, model, {}).map((text, i) => ({
      ids: tokensOf(text),
      predicted: [{ start: 1, end: tokensOf(text).length }],
      weight: 1 + (i % 3),
    }));
    const trainable = decoderTrainable(model.decoder);
    const single = texts.map((text) => trainable.loss([{ ...text, weight: 1 }]).dataSync()[0]);
    const sum = texts.reduce((s, text, i) => s + text.weight * single[i] * predictedTokens(text), 0);
    const tokens = texts.reduce((n, text) => n + predictedTokens(text), 0);
    expectClose(trainable.loss(texts).dataSync(), [sum / tokens], 1e-4);
    assert.notDeepEqual(trainable.fingerprint(texts[0]), trainable.fingerprint({ ...texts[0], weight: 2 }));

    const config = { kind: "bag-of-jobs", width: 8, twoStage: true, titles: 4, covariates: [] } as const;
    const network = networkOf(
      { ...config, covariates: [] },
      initialise(parametersOf({ ...config, covariates: [] }), 1),
    );
    const jobs = jobTrainable(network as Parameters<typeof jobTrainable>[0]);
    const career = (titles: number[], weight?: number) => ({
      titles: Int32Array.from(titles),
      previous: Int32Array.from([-1, ...titles.slice(0, -1)]),
      levels: new Int32Array(0),
      weight,
    });
    const [a, b] = [career([0, 1, 1]), career([2, 3])];
    const [lossA, lossB] = [a, b].map((one) => jobs.loss([one]).dataSync()[0]);
    const both = jobs.loss([career([0, 1, 1], 0.5), career([2, 3], 2)]).dataSync()[0];
    expectClose([both], [(0.5 * 3 * lossA + 2 * 2 * lossB) / 5], 1e-5);
  });

  it("pools careers as if they were the survey's own where it is 1, each under its survey's name", async () => {
    const { train, validation } = splitByPerson(
      { ...panel, careers: panel.careers.slice(0, 16) },
      { seed: 1 },
    );
    const [own, other] = [train.careers.slice(0, 6), train.careers.slice(6)];
    const options = { ...defaultTraining, epochs: 1, batch: { texts: 4 } };
    const tune = async (pool: boolean, surveyTag: string, weight = 1) => {
      const model = tinyLanguageModel(few);
      const panels = {
        train: { ...train, careers: pool ? own : [...own, ...other] },
        validation,
        ...(pool
          ? { pool: [{ panel: { ...train, surveyTag, careers: other }, weights: other.map(() => weight) }] }
          : {}),
      };
      const template = { surveyTag: "NLSY79" };
      const result = await fineTune(model, panels, template, options, { onWarning: () => {} });
      return result.history[0].validationLoss;
    };
    const whole = await tune(false, "NLSY79");
    expectClose([await tune(true, "NLSY79")], [whole], 1e-5);
    assert.ok(
      Math.abs((await tune(true, "other")) - whole) > 1e-4,
      "another survey's careers are called by its name",
    );
    assert.ok(Math.abs((await tune(true, "NLSY79", 0.1)) - whole) > 1e-4);
    await assert.rejects(tune(true, "NLSY79", -1), { name: "UserError", message: /weight of career/ });
  });
});
