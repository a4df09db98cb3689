import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import type { Career } from "labor-llm/dist/careers/career";
import { UserError } from "labor-llm/dist/errors";
import {
  type CareerReader,
  embedCareers,
  type Reading,
} from "labor-llm/dist/methods/language/career-embeddings";
import {
  type EmbeddingLogitOptions,
  fitEmbeddingLogit,
} from "labor-llm/dist/methods/language/embedding-logit";
import { DenseSoftmax } from "labor-llm/dist/methods/logit/dense-softmax";
import { designBlock } from "labor-llm/dist/methods/logit/design";
import { softmaxObjective } from "labor-llm/dist/methods/logit/softmax";
import { fitEmpirical } from "labor-llm/dist/methods/markov";
import { perplexity } from "labor-llm/dist/metrics";
import { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { observedScores } from "labor-llm/dist/predictions";
import { Random } from "labor-llm/dist/random";
import { syntheticSurvey } from "labor-llm/dist/surveys/synthetic";
import { encodeCareer } from "labor-llm/dist/text/encode";
import { expectClose } from "../../support/close";
import { tinyLanguageModel } from "../../support/tiny-language-model";

describe("Embeddings of careers", () => {
  const panel = syntheticSurvey("nlsy97-like", { persons: 60 });
  let reader: CareerReader;
  before(() => {
    const { decoder, tokenizer } = tinyLanguageModel(panel);
    const roomy = new Decoder({ ...decoder.config, contextLength: 1024 }, decoder.parameters);
    reader = { decoder: roomy, tokenizer, template: { surveyTag: panel.surveyTag } };
  });
  after(() => reader.decoder.dispose());

  const readings: Reading[] = [1, 2].flatMap((layer) => [
    { layer, pooling: "last" },
    { layer, pooling: "mean" },
  ]);
  const width = 32;

  it("are the model's activations at the colon, and their mean up to it", async () => {
    const career = panel.careers.find(({ observations }) => observations.length > 3)!;
    const [, , last, mean] = await embedCareers(reader, [career], readings);
    const { ids, titles } = encodeCareer(career, reader.tokenizer, reader.template);
    titles.forEach(({ start }, n) => {
      // The text cut before the title: nothing of it, or of what comes after, can have been seen.
      const hidden = tf.tidy(() => {
        const { batch } = toTensors(packRows([ids.slice(0, start)], width));
        return reader.decoder.hidden(batch).slice([0, 0], [start, width]).arraySync() as number[][];
      });
      const average = hidden[0].map((_, d) => hidden.reduce((sum, row) => sum + row[d], 0) / start);
      expectClose(last.subarray(n * width, (n + 1) * width), hidden.at(-1)!, 1e-4);
      expectClose(mean.subarray(n * width, (n + 1) * width), average, 1e-4);
    });
  });

  it("are the same whatever careers are read beside, and do not know the title to come", async () => {
    const { careers, titles } = panel;
    const together = await embedCareers(reader, careers.slice(0, 20), readings);
    const changed = careers.slice(0, 20).map(
      (career): Career => ({
        ...career,
        observations: career.observations.map((observation, i) =>
          i === career.observations.length - 1 ? { ...observation, title: titles.titles[7] } : observation,
        ),
      }),
    );
    let from = 0;
    for (const career of changed) {
      const alone = await embedCareers(reader, [career], readings);
      alone.forEach((values, r) => {
        expectClose(together[r].subarray(from, from + values.length), values, 1e-4);
      });
      from += alone[0].length;
    }
  });

  it("of a career longer than the context are those of its windows", async () => {
    const career = panel.careers.reduce((a, b) => (a.observations.length >= b.observations.length ? a : b));
    const { ids, titles } = encodeCareer(career, reader.tokenizer, reader.template);
    const contextLength = Math.ceil(ids.length * 0.7);
    const short = new Decoder({ ...reader.decoder.config, contextLength }, reader.decoder.parameters);
    const [last] = await embedCareers(
      { ...reader, decoder: short },
      [career],
      [{ layer: 2, pooling: "last" }],
    );
    const [whole] = await embedCareers(reader, [career], [{ layer: 2, pooling: "last" }]);
    assert.equal(last.length, titles.length * width);
    // What the first window holds is read as ever; what comes after is read with less history.
    expectClose(last.subarray(0, 3 * width), whole.subarray(0, 3 * width), 1e-4);
    assert.ok(last.every(Number.isFinite));
    assert.ok(last.subarray(-width).some((value, d) => Math.abs(value - whole.at(d - width)!) > 1e-3));
  });

  it("with a logit head sum to one over the titles, and tell more than the shares of titles", async () => {
    const [train, validation, test] = [0, 40, 50].map((from, i) =>
      panel.careers.slice(from, [40, 50, 60][i]),
    );
    const careers = { titles: panel.titles, careers: train };
    const before = tf.memory().numTensors;
    const model = await fitEmbeddingLogit(reader, careers, validation, {
      selectionPersons: 20,
      maxIterations: 40,
      ridge: [3000, 1000, 300],
    });
    const prediction = await model.predict(test);
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(
      model.readings.map(({ layer, pooling }) => ({ layer, pooling })),
      [
        { layer: 1, pooling: "last" },
        { layer: 1, pooling: "mean" },
        { layer: 2, pooling: "last" },
        { layer: 2, pooling: "mean" },
      ],
    );
    const loss = ({ layer, pooling }: Reading) =>
      model.readings.find((one) => one.layer === layer && one.pooling === pooling)!.loss;
    assert.equal(loss(model.reading), Math.min(...model.readings.map((one) => one.loss)));
    const J = panel.titles.size;
    for (let n = 0; n < prediction.observed.length; n++) {
      const row = prediction.logProbability.subarray(n * J, (n + 1) * J);
      assert.ok(row.every(Number.isFinite));
      assert.ok(Math.abs(row.reduce((sum, logP) => sum + Math.exp(logP), 0) - 1) < 1e-5);
    }
    const shares = await fitEmpirical(careers).predict(test);
    const [own, other] = [prediction, shares].map((one) => perplexity(observedScores(one)));
    assert.ok(own < other, `${own}, ${other}`);
    const alone = await model.predict([test[3]]);
    const from = test.slice(0, 3).reduce((n, { observations }) => n + observations.length, 0) * J;
    expectClose(
      prediction.logProbability.subarray(from, from + alone.logProbability.length),
      alone.logProbability,
      1e-4,
    );
  });

  it("refuse layers that are not there, a choice without validation, and nothing to fit", async () => {
    const { titles, careers } = panel;
    const refused: [Career[], Career[], EmbeddingLogitOptions, RegExp][] = [
      [careers, careers, { layers: [3] }, /layer 3 .*1 to 2/],
      [careers, careers, { poolings: [] }, /no layer or no pooling/],
      [careers, [], {}, /no validation careers/],
      [[], careers, {}, /no training person-years/],
    ];
    for (const [train, validation, options, message] of refused) {
      await assert.rejects(
        fitEmbeddingLogit(reader, { titles, careers: train }, validation, options),
        (error) => {
          assert.ok(error instanceof UserError && message.test(error.message), String(error));
          return true;
        },
      );
    }
    const one = {
      titles: new TitleSet(["A"]),
      careers: [{ ...careers[0], observations: [{ year: 2000, title: "A" }] }],
    };
    await assert.rejects(fitEmbeddingLogit(reader, one, careers), /nothing to tell apart/);
  });
});

describe("The dense multinomial logit", () => {
  it("has the loss and slopes of the sparse one", () => {
    const random = new Random("dense");
    const [N, D, J] = [50, 6, 5];
    const values = Float32Array.from({ length: N * D }, () => random.normal());
    const target = Int32Array.from({ length: N }, () => random.integer(J));
    const offset = Float64Array.from({ length: J }, () => random.normal());
    const weights = Float64Array.from({ length: (D + 1) * J }, () => random.normal());
    const entries = (n: number) => [
      ...Array.from({ length: D }, (_, feature) => ({ feature, value: values[n * D + feature] })),
      { feature: D, value: 1 },
    ];
    const keys = Array.from({ length: N }, (_, n) => String(n).padStart(3, "0"));
    const design = { rows: N, features: D + 1, blocks: [designBlock(keys, entries)] };
    const [sparse, dense] = [new Float64Array(weights.length), new Float64Array(weights.length)];
    const expected = softmaxObjective({ design, classes: J, offset, target })(weights, sparse);
    const softmax = new DenseSoftmax({ values, width: D }, target, offset);
    expectClose([softmax.objective(weights, dense)], [expected], 1e-4);
    expectClose(dense, sparse, 1e-4);
    softmax.dispose();
  });
});
