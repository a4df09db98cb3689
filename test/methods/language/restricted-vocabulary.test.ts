import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { splitByPerson, TitleSet } from "labor-llm";
import { educationLevels } from "labor-llm/dist/careers/education";
import { fineTune, trainingTexts } from "labor-llm/dist/methods/language/fine-tune";
import { reachableTokens } from "labor-llm/dist/methods/language/reachable-tokens";
import { restrictVocabulary } from "labor-llm/dist/methods/language/restricted-vocabulary";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import { decoderTrainable } from "labor-llm/dist/networks/decoder/decoder-trainable";
import { copyLanguageModel, type LanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { blocksToTensors, packBlocks } from "labor-llm/dist/networks/decoder/pack";
import type { TrainingText } from "labor-llm/dist/networks/decoder/training-text";
import { defaultTraining } from "labor-llm/dist/networks/training/options";
import { train } from "labor-llm/dist/networks/training/train";
import type { Trainable } from "labor-llm/dist/networks/training/trainable";
import { rmsNormalise } from "labor-llm/dist/operations";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { encodeTitles } from "labor-llm/dist/text/encode";
import { renderCareer } from "labor-llm/dist/text/template";
import { expectClose } from "../../support/close";
import { tinyLanguageModel } from "../../support/tiny-language-model";

describe("A restricted vocabulary", () => {
  const panel = readNlsyYoungMen();
  const few = { ...panel, careers: panel.careers.slice(0, 16) };
  const split = splitByPerson(few, { seed: 1 });
  const template = { surveyTag: "NLSY79" };
  const options = { ...defaultTraining, epochs: 2, batch: { texts: 4 }, learningRate: 3e-3, weightDecay: 0 };
  const quiet = { onWarning: () => {} };

  /** The whole model, its softmax masked to some tokens by primitive operations. */
  function masked({ decoder }: LanguageModel, tokens: Int32Array): Trainable<TrainingText> {
    const mask = new Float32Array(decoder.config.vocabularySize).fill(-1e9);
    for (const token of tokens) mask[token] = 0;
    return {
      ...decoderTrainable(decoder),
      loss(texts) {
        const { batches, at, targets } = blocksToTensors(packBlocks(texts, decoder.config.width));
        const { embed, layers } = decoder.stages(batches, at, targets);
        const hidden = rmsNormalise(
          layers.reduce((x, layer) => layer(x), embed()),
          decoder.config.normEpsilon,
        );
        const parameter = (name: string) => decoder.parameters.get(name)!;
        const head = parameter("model.embed_tokens.weight").mul(parameter("model.norm.weight"));
        const logits = tf.gather(hidden, at).matMul(head, false, true).add(tf.tensor1d(mask)); // (M, V)
        const chosen = logits.mul(tf.oneHot(targets, mask.length)).sum(-1);
        return tf.logSumExp(logits, -1).sub(chosen).mean();
      },
    };
  }

  it("trains, once its rows are written back, what the whole model trains whose softmax is masked", async () => {
    const model = tinyLanguageModel(few);
    const other = copyLanguageModel(model);
    const tokens = reachableTokens(model.tokenizer, [split.train, split.validation], template);
    assert.ok(tokens.length < 0.9 * model.tokenizer.vocabularySize, `${tokens.length} tokens`);
    const control = { ...quiet };
    const result = await fineTune(model, split, template, { ...options, vocabulary: "reachable" }, control);
    assert.deepEqual(result.tokens, tokens);

    const texts = (p: typeof panel) => trainingTexts(p, other, template);
    // The epoch is chosen by the titles, whatever is trained on.
    const validation = trainingTexts(split.validation, other, template, "titles");
    const data = { training: texts(split.train), validation };
    const expected = await train(masked(other, tokens), data, options);
    expectClose(
      result.history.flatMap((e) => [e.trainingLoss, e.validationLoss]),
      expected.history.flatMap((e) => [e.trainingLoss, e.validationLoss]),
      1e-3,
    );
    for (const [name, variable] of model.decoder.parameters) {
      expectClose(variable.dataSync(), other.decoder.parameters.get(name)!.dataSync(), 2e-3);
    }
  });

  it("holds every token of careers that were never seen, and scores as the masked whole model", async () => {
    const model = tinyLanguageModel(few);
    const tokens = reachableTokens(model.tokenizer, [split.train], template);
    const unseen = { ...few.careers[0], covariates: { ...few.careers[0].covariates, birthYear: 1907 } };
    unseen.observations = unseen.observations.map((o, t) => ({
      ...o,
      year: 2031 + t,
      title: few.titles.titles[t],
    }));
    for (const id of model.tokenizer.encode(renderCareer(unseen, template))) assert.ok(tokens.includes(id));

    const small = restrictVocabulary(model, tokens);
    const line = `1984: ${few.titles.titles[0]}\n`;
    assert.equal(small.tokenizer.decode(small.tokenizer.encode(line)), line);
    const titles = new TitleSet(few.titles.titles.slice(0, 12));
    const observations = few.careers[0].observations.map((o, t) => ({ ...o, title: titles.titles[t % 12] }));
    const career = { ...few.careers[0], observations: observations.slice(0, 3) };
    const predict = async ({ decoder, tokenizer }: LanguageModel) =>
      (await new LanguageOccupationModel("", decoder, tokenizer, titles, template).predict([career]))
        .logProbability;
    const [restricted, whole] = [await predict(small), await predict(model)];
    // Each probability grows by what the softmax loses of unreachable tokens: the chain rule's terms all grow.
    assert.ok(whole.every((logP, i) => restricted[i] > logP));
    const one = {
      loss: masked(model, tokens),
      text: trainingTexts({ ...few, careers: [career] }, model, template),
    };
    const own = decoderTrainable(small.decoder);
    const text = trainingTexts({ ...few, careers: [career] }, small, template);
    expectClose(own.loss(text).dataSync(), one.loss.loss(one.text).dataSync(), 1e-5);
  });

  it("names the token of a text that needs another", () => {
    const model = tinyLanguageModel(few);
    const small = restrictVocabulary(model, reachableTokens(model.tokenizer, [split.train], template));
    assert.throws(
      () => small.tokenizer.encode("§"),
      /is not among the \d+ that careers of this survey can contain/,
    );
  });

  it("writes titles where the survey, or the template, has no education", () => {
    const model = tinyLanguageModel(few);
    for (const omit of [[], ["education"]] as const) {
      const told = { ...template, omit };
      const bare = few.careers.map((career) => ({
        ...career,
        observations: career.observations.map(({ year, title }) => ({ year, title })),
      }));
      const survey = { ...few, careers: omit.length > 0 ? few.careers : bare };
      const tokens = reachableTokens(model.tokenizer, [survey], told);
      const small = restrictVocabulary(model, tokens);
      assert.throws(() => small.tokenizer.encode("1987 (some college):"), /is not among the \d+/);
      const titles = encodeTitles(few.titles, small.tokenizer, told);
      const whole = encodeTitles(few.titles, model.tokenizer, told);
      assert.deepEqual(
        titles.map((ids) => ids.map((place) => tokens[place])),
        whole,
      );
    }
  });

  it("writes a level of education that nobody of the training persons has, of a survey with our levels", () => {
    const model = tinyLanguageModel(few);
    const alike = few.careers.map((career) => ({
      ...career,
      observations: career.observations.map((one) => ({ ...one, education: "high school" })),
    }));
    const small = restrictVocabulary(
      model,
      reachableTokens(model.tokenizer, [{ ...few, careers: alike }], template),
    );
    for (const level of educationLevels) {
      const line = `1987 (${level}): ${few.titles.titles[0]}\n`;
      assert.equal(small.tokenizer.decode(small.tokenizer.encode(line)), line);
    }
  });
});
