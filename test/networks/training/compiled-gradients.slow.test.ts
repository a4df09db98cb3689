import { strict as assert } from "node:assert";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { Random } from "labor-llm";
import { openHuggingFaceFolder } from "labor-llm/dist/networks/checkpoints/hugging-face";
import { decoderTrainable } from "labor-llm/dist/networks/decoder/decoder-trainable";
import { withLora } from "labor-llm/dist/networks/decoder/lora";
import { readDecoder } from "labor-llm/dist/networks/decoder/read-decoder";
import type { TrainingText } from "labor-llm/dist/networks/decoder/training-text";
import { BagOfJobsNetwork } from "labor-llm/dist/networks/jobs/bag-of-jobs";
import { CareerNetwork } from "labor-llm/dist/networks/jobs/career-network";
import { vocabularySizes } from "labor-llm/dist/networks/jobs/job-network";
import { jobTrainable } from "labor-llm/dist/networks/jobs/job-trainable";
import { LstmNetwork } from "labor-llm/dist/networks/jobs/lstm";
import { CareerEncoder, type EncodedCareer, jobVocabulary } from "labor-llm/dist/networks/jobs/vocabulary";
import { compiledSteps } from "labor-llm/dist/networks/training/compiled-gradients";
import { planRun } from "labor-llm/dist/networks/training/plan";
import type { Trainable } from "labor-llm/dist/networks/training/trainable";
import { compileGraph } from "labor-llm/dist/operations/compile";
import { gradientsOf } from "labor-llm/dist/operations/gradients";
import { isNative } from "labor-llm/dist/operations/native";
import { syntheticSurvey } from "labor-llm/dist/surveys/synthetic/survey";
import { expectClose } from "../../support/close";
import { fixture } from "../../support/paths";
import { trainingRun } from "../../support/training-run";

describe("A compiled step", () => {
  before(function () {
    if (isNative("cpu")) return;
    console.log("      TensorFlow's native library is not there, or uses a GPU: nothing is compiled");
    this.skip();
  });

  /** Examples in steps of 7, the last of which is short. */
  const inSteps = <Example>(examples: readonly Example[]) =>
    Array.from({ length: Math.ceil(examples.length / 7) }, (_, i) => examples.slice(7 * i, 7 * i + 7));

  const { titles, careers } = syntheticSurvey("nlsy97-like", { persons: 200 });
  const vocabulary = jobVocabulary(titles, careers);
  const encoder = new CareerEncoder(vocabulary);
  const encoded = careers.map((career, i): EncodedCareer => {
    const one = encoder.encode(career);
    return i % 3 === 0 ? one : { ...one, weight: 0.5 + (i % 5) / 4 };
  });
  const sizes = vocabularySizes(vocabulary);
  const career = (twoStage: boolean, dropout = 0) =>
    CareerNetwork.initialise(
      { ...sizes, layers: 2, width: 12, feedForward: 16, heads: 3, dropout, kind: "career", twoStage },
      1,
    );

  /** Texts of 20 to 40 tokens; every other one is predicted in part, with a weight of its own. */
  const texts = (vocabularySize: number): TrainingText[] => {
    const random = new Random("texts");
    return Array.from({ length: 200 }, (_, i) => {
      const ids = Int32Array.from({ length: 20 + random.integer(21) }, () => random.integer(vocabularySize));
      if (i % 2 === 0) return ids;
      const predicted = [
        { start: 2, end: 4 },
        { start: 7, end: 8 + (i % 3) },
      ];
      return { ids, predicted, weight: 0.5 + (i % 5) / 4 };
    });
  };

  /** Loss and gradients of the first, second and last step, against those that are made operation by operation. */
  function compare<Example>(
    trainable: Trainable<Example>,
    steps: readonly (readonly Example[])[],
    atOnce = Number.POSITIVE_INFINITY,
  ) {
    const compiled = compiledSteps(trainable, steps, atOnce);
    assert.ok(compiled !== undefined, "the run is compiled");
    const variables = [...trainable.parameters.values()];
    for (const step of [steps[0], steps[1], steps[steps.length - 1]]) {
      const tensors = tf.memory().numTensors;
      tf.tidy(() => {
        const own = compiled(step, new Random("dropout"))!;
        const { value, gradients } = gradientsOf(() => trainable.loss(step), variables);
        expectClose([own.loss], value.dataSync(), 1e-5);
        [...trainable.parameters.keys()].forEach((name, i) => {
          const expected = gradients[i] ?? tf.zeros(variables[i].shape);
          const scale = Math.max(1e-3, expected.abs().max().dataSync()[0]);
          expectClose(own.gradients[name].dataSync(), expected.dataSync(), 2e-5 * scale);
        });
      });
      assert.equal(tf.memory().numTensors, tensors);
    }
  }

  for (const twoStage of [true, false]) {
    const stages = twoStage ? "two stages" : "one softmax";
    it(`has the loss and gradients that operations one by one give: CAREER, ${stages}`, () => {
      compare(jobTrainable(career(twoStage)), inSteps(encoded));
    });
    it(`has the loss and gradients that operations one by one give: LSTM, ${stages}`, () => {
      const network = LstmNetwork.initialise(
        { ...sizes, layers: 2, width: 8, dropout: 0, kind: "lstm", twoStage },
        1,
      );
      compare(jobTrainable(network), inSteps(encoded));
    });
    it(`has the loss and gradients that operations one by one give: bag of jobs, ${stages}`, () => {
      const network = BagOfJobsNetwork.initialise({ ...sizes, width: 8, kind: "bag-of-jobs", twoStage }, 1);
      compare(jobTrainable(network), inSteps(encoded));
    });
  }

  it("adds up over the parts of a batch that is too large for one", () => {
    compare(jobTrainable(career(true)), inSteps(encoded), 100);
  });

  for (const name of ["llama-tiny", "llama-tiny-tied", "llama-3-tiny", "gemma-3-tiny"]) {
    it(`has the loss and gradients that operations one by one give: ${name}`, () => {
      const folder = fixture(name);
      const decoder = readDecoder(openHuggingFaceFolder(folder), join(folder, "config.json"));
      const examples = texts(decoder.config.vocabularySize);
      compare(decoderTrainable(decoder), inSteps(examples));
      compare(decoderTrainable(decoder), inSteps(examples), 140);
    });
  }

  /** An adapter that does not start at zero, so that both of its matrices have gradients. */
  const adapted = (name: string, dropout = 0) => {
    const folder = fixture(name);
    const decoder = readDecoder(openHuggingFaceFolder(folder), join(folder, "config.json"));
    const lora = withLora(decoder, { rank: 2, alpha: 4, dropout });
    for (const [weight, variable] of lora.parameters) {
      if (weight.endsWith("lora_B.weight"))
        variable.assign(tf.randomNormal(variable.shape, 0, 0.1, "float32", 1));
    }
    return lora;
  };
  for (const name of ["llama-tiny", "gemma-3-tiny"]) {
    it(`has the loss and gradients that operations one by one give: adapters of ${name}`, () => {
      const lora = adapted(name);
      compare(decoderTrainable(lora), inSteps(texts(lora.config.vocabularySize)), 140);
    });
  }

  it("draws an adapter's dropout anew in each step, the same where the step is the same", () => {
    const lora = adapted("llama-tiny", 0.3);
    const steps = inSteps(texts(lora.config.vocabularySize));
    const compiled = compiledSteps(decoderTrainable(lora), steps, 1e6)!;
    const loss = (one: typeof compiled, seed: number) =>
      tf.tidy(() => one(steps[0], new Random("dropout", seed))!.loss);
    const whole = compiledSteps(decoderTrainable(adapted("llama-tiny")), steps, 1e6)!;
    const losses = [1, 2, 3, 4].map((seed) => loss(compiled, seed));
    assert.equal(new Set([loss(whole, 1), ...losses]).size, 5);
    assert.deepEqual(
      [1, 2, 3, 4].map((seed) => loss(compiled, seed)),
      losses,
    );
  });

  it("draws other numbers in each step for dropout, the same where the step is the same", () => {
    const steps = inSteps(encoded);
    const compiled = compiledSteps(jobTrainable(career(true, 0.3)), steps, 1e6)!;
    const loss = (seed: number) => tf.tidy(() => compiled(steps[0], new Random("dropout", seed))!.loss);
    const losses = [1, 2, 3, 4].map(loss);
    assert.equal(new Set(losses).size, 4);
    assert.deepEqual([1, 2, 3, 4].map(loss), losses);
  });

  it("drops the same numbers on the way back as on the way there", () => {
    const network = LstmNetwork.initialise(
      { ...sizes, layers: 1, width: 4, dropout: 0.5, kind: "lstm", twoStage: true },
      1,
    );
    const trainable = jobTrainable(network);
    const steps = inSteps(encoded);
    const compiled = compiledSteps(trainable, steps, 1e6)!;
    const at = (shift: number, direction: tf.Tensor) => {
      const bias = network.parameters.get("lstm.bias_l0")!;
      bias.assign(bias.add(direction.mul(shift)));
      return compiled(steps[0], new Random("dropout"))!;
    };
    tf.tidy(() => {
      const still = tf.zeros([16]);
      const { gradients } = at(0, still);
      const gradient = gradients["lstm.bias_l0"];
      // Along its own direction the loss rises by the gradient's square length.
      const step = 0.05 / gradient.norm().dataSync()[0];
      const above = at(step, gradient).loss;
      const below = at(-2 * step, gradient).loss;
      const slope = (above - below) / (2 * step);
      expectClose([slope], gradient.square().sum().dataSync(), 2e-3 * slope);
    });
  });

  it("is how the run is trained that is killed, and resumed to the bit", () => {
    const { decoder, data, options } = trainingRun();
    const sizes = data.training.map(({ length }) => length);
    const steps = planRun(sizes, options).epochs.flatMap((batches) =>
      batches.map((batch) => batch.map((i) => data.training[i])),
    );
    const compiled = compiledSteps(decoderTrainable(decoder), steps, options.tokensAtOnce)!;
    for (const step of steps) {
      tf.tidy(() => {
        assert.ok(compiled(step, new Random("dropout")) !== undefined);
      });
    }
  });

  it("is left to runs that are long, and whose batches leave little of equal shapes unused", () => {
    const trainable = jobTrainable(career(true));
    const compiled = compiledSteps(trainable, inSteps(encoded), 1e6)!;
    assert.equal(compiled(encoded.slice(0, 8), new Random("dropout")), undefined);
    assert.equal(compiledSteps(trainable, inSteps(encoded).slice(0, 20), 1e6), undefined);
    const uneven = inSteps(encoded).map((step, i) => (i % 4 === 0 ? step : step.slice(0, 1)));
    assert.equal(compiledSteps(trainable, uneven, 1e6), undefined);
  });

  it("refuses to record what would not hold for another step", () => {
    const elsewhere = tf.tensor1d([1, 2]).square();
    const input = tf.tensor1d([3, 4]);
    assert.throws(() => compileGraph(() => [input.mul(elsewhere)], [input]), /not among its inputs/);
    assert.throws(
      () => compileGraph(() => [input.mul(input.square().dataSync()[0])], [input]),
      /a value was read/,
    );
    const graph = compileGraph(() => [input.mul(2), input.sum()], [input]);
    const [twice, sum] = graph.run([tf.tensor1d([5, 6])]);
    assert.deepEqual([...twice.dataSync(), ...sum.dataSync()], [10, 12, 11]);
    graph.dispose();
    tf.dispose([elsewhere, input, twice, sum]);
  });
});
