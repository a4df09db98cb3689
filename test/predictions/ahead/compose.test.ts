import { strict as assert } from "node:assert";
import type { Career } from "labor-llm/dist/careers/career";
import { educationLevels } from "labor-llm/dist/careers/education";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import { fitMarkov } from "labor-llm/dist/methods/markov/markov";
import { composeMarkov } from "labor-llm/dist/methods/markov/markov-powers";
import { type Ahead, aheadBy, askDirectly, composeBySampling } from "labor-llm/dist/predictions/ahead";
import { composeExactly } from "labor-llm/dist/predictions/ahead/compose";
import { lastRows, normalised } from "labor-llm/dist/predictions/predict-last";
import { Random } from "labor-llm/dist/random";
import { educationOfLaw } from "labor-llm/dist/surveys/law/education-path";
import { oracle } from "labor-llm/dist/surveys/law/oracle";
import { oracleAhead } from "labor-llm/dist/surveys/law/oracle-ahead";
import type { LawPerson } from "labor-llm/dist/surveys/law/person";
import { Simulator } from "labor-llm/dist/surveys/law/simulate";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { expectClose } from "../../support/close";
import { tinyLanguageModel } from "../../support/tiny-language-model";
import { tinyLaw } from "../../support/tiny-law";

const law = tinyLaw();
const person: LawPerson = { gender: 0, ethnicity: 1, region: 2, birthYear: 1981 };
const covariates = { gender: "female", ethnicity: "black", region: "south", birthYear: 1981 };
const careers: Career[] = Array.from({ length: 4 }, (_, i) => ({
  person: String(i),
  covariates,
  observations: new Simulator(law).life(person, 1999, 2006, new Random("life", i)).map((one) => ({
    year: one.year,
    title: law.titles.titles[law.columnOf[one.slot]],
    education: educationLevels[one.education],
  })),
}));

/** Mean square of ours less truth over the mean square of its Monte Carlo error: 1 in expectation. */
function squaredErrorRatio(ours: Float32Array, truth: Float32Array, error: Float32Array): number {
  let [gap, expected] = [0, 0];
  ours.forEach((logP, at) => {
    gap += (Math.exp(logP) - Math.exp(truth[at])) ** 2;
    expected += error[at] ** 2;
  });
  return gap / expected;
}

describe("Predictions over several years", () => {
  const aheads: Ahead[] = [2, 3].flatMap((years) => aheadBy(careers, years));
  const education = educationOfLaw(law);

  it("of the oracle, composed of its one-year predictions, are its direct ones: education is advanced by the law", async () => {
    const { titles } = law;
    const truth = oracleAhead(oracle(law), careers, aheads).distribution.logProbability;
    const composed = await composeExactly(oracle(law), titles, careers, aheads, { education });
    expectClose(composed.distribution.logProbability.map(Math.exp), truth.map(Math.exp), 1e-6);
    const few = aheads.filter((_, n) => n % 6 === 0);
    const exact = oracleAhead(oracle(law), careers, few).distribution.logProbability;
    const sampled = await composeBySampling(oracle(law), titles, careers, few, {
      ...{ education, paths: 400, seed: 3 },
    });
    const ratio = squaredErrorRatio(sampled.distribution.logProbability, exact, sampled.monteCarloError!);
    assert.ok(ratio > 0.4 && ratio < 2, `ratio ${ratio}`);
  });

  it("of a model that forgets education are not: the test above can fail", async () => {
    const truth = oracleAhead(oracle(law), careers, aheads).distribution.logProbability.map(Math.exp);
    const held = await composeExactly(oracle(law), law.titles, careers, aheads);
    const composed = held.distribution.logProbability.map(Math.exp);
    assert.ok(truth.some((p, at) => Math.abs(p - composed[at]) > 1e-3));
  });

  it("of a Markov table are its matrix's power, and sampled paths agree within their Monte Carlo error", async () => {
    const panel = readNlsyYoungMen();
    const { titles } = panel;
    const model = fitMarkov({ titles, careers: panel.careers.slice(40) }, { alpha: 5 });
    const some = panel.careers.slice(0, 40);
    const all = [2, 3, 5].flatMap((years) => aheadBy(some, years));
    const power = composeMarkov(model, titles, some, all).distribution;
    for (let n = 0; n < all.length; n++) {
      const mass = power.logProbability.subarray(n * 9, n * 9 + 9).reduce((sum, x) => sum + Math.exp(x), 0);
      assert.ok(Math.abs(mass - 1) < 1e-5);
    }
    const twice = aheadBy(some, 2).slice(0, 30);
    const walked = await composeExactly(model, titles, some, twice);
    const squared = composeMarkov(model, titles, some, twice).distribution.logProbability;
    expectClose(walked.distribution.logProbability.map(Math.exp), squared.map(Math.exp), 1e-6);

    const options = { paths: 100, seed: 1 };
    const { distribution, monteCarloError, asked } = await composeBySampling(
      model,
      titles,
      some,
      all,
      options,
    );
    const ratio = squaredErrorRatio(distribution.logProbability, power.logProbability, monteCarloError!);
    assert.ok(ratio > 0.8 && ratio < 1.25, `ratio ${ratio}`);
    assert.ok(asked < all.length * 100);
    // A path is the same whatever else is asked.
    const alone = await composeBySampling(model, titles, some, twice, options);
    const first = distribution.logProbability.subarray(0, twice.length * 9);
    assert.deepEqual(alone.distribution.logProbability, first);
    await assert.rejects(composeBySampling(model, titles, some, all, { paths: 1 }), /1 simulated careers/);
  });

  it("asked directly are those of the career with the gap, thinned to steps where asked", async () => {
    const panel = readNlsyYoungMen();
    const { titles } = panel;
    const model = fitMarkov(panel, { alpha: 5, order: 2 });
    const [career] = panel.careers;
    const at = (years: number[]) => ({
      ...career,
      observations: career.observations.filter(({ year }) => years.includes(year)),
    });
    const ahead = { person: 0, known: 5, target: 6 };
    const whole = await model.predict([at([1980, 1981, 1982, 1983, 1984, 1986])]);
    const direct = await askDirectly(model, titles, [career], [ahead]);
    expectClose(direct.distribution.logProbability, lastRows(whole).logProbability, 1e-6);
    const thin = await askDirectly(model, titles, [career], [ahead], 2);
    const thinned = await model.predict([at([1980, 1982, 1984, 1986])]);
    expectClose(thin.distribution.logProbability, lastRows(thinned).logProbability, 1e-6);
    assert.equal(thin.distribution.previous[0], titles.indexOf(career.observations[4].title));
    assert.equal(thin.distribution.year[0], 1986);
  });

  it("of a language model are asked for the last year alone, and are those of the whole text", async () => {
    const panel = readNlsyYoungMen();
    const few = { ...panel, careers: panel.careers.slice(0, 6) };
    const { decoder, tokenizer } = tinyLanguageModel(few, 400, { contextLength: 190 });
    const model = new LanguageOccupationModel("tiny", decoder, tokenizer, panel.titles, {
      surveyTag: panel.surveyTag,
    });
    const whole = normalised(lastRows(await model.predict(few.careers)));
    const last = normalised(await model.predictLast(few.careers));
    expectClose(last.logProbability, whole.logProbability, 1e-4);
    assert.deepEqual(last.observed, whole.observed);
  });
});
