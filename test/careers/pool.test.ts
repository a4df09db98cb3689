import { strict as assert } from "node:assert";
import { splitByPerson } from "labor-llm";
import { checkPooled, pooled } from "labor-llm/dist/careers/pool";
import { effectiveNumber, rakedWeights } from "labor-llm/dist/careers/rake";
import { fitEmpirical } from "labor-llm/dist/methods/markov/empirical";
import { fitMarkov } from "labor-llm/dist/methods/markov/markov";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { syntheticSurvey } from "labor-llm/dist/surveys/synthetic";
import { syntheticResumes } from "labor-llm/dist/surveys/synthetic/survey";
import { careersOf } from "../support/careers";
import { expectClose } from "../support/close";

describe("Pooled careers", () => {
  const titles = new TitleSet(["A", "B", "C"]);
  const own = { name: "own", surveyTag: "own", titles, careers: careersOf("A A B", "B C C") };
  const other = { ...own, name: "other", careers: careersOf("C A A", "A B:college B", "C") };

  it("of a whole weight are counted as if they stood there so often, in shares and transitions", async () => {
    const weighted = pooled(own, [{ panel: other, weights: [2, 3, 1] }]);
    const [first, second, third] = other.careers;
    const asOften = { titles, careers: [...own.careers, first, first, second, second, second, third] };
    expectClose(fitEmpirical(weighted).probability, fitEmpirical(asOften).probability, 1e-12);
    for (const options of [{}, { order: 2, given: ["education"] }] as const) {
      const [a, b] = [fitMarkov(weighted, options), fitMarkov(asOften, options)];
      expectClose(a.transition(), b.transition(), 1e-12);
      const [p, q] = [await a.predict(other.careers), await b.predict(other.careers)];
      expectClose(p.logProbability, q.logProbability, 1e-6);
    }
    for (const wrong of [0, -1, NaN]) {
      const broken = pooled(own, [{ panel: other, weights: [1, wrong, 1] }]);
      assert.throws(() => fitMarkov(broken), { name: "UserError", message: /the weight of career 4 is/ });
    }
  });

  it("in other titles are refused by name", () => {
    const panel = { ...other, titles: new TitleSet(["A", "D"]), careers: careersOf("A D") };
    assert.throws(() => checkPooled(titles, { panel, weights: [1] }), {
      name: "UserError",
      message: /other, person 0, 2001: "D" is none of the survey's 3 titles/,
    });
  });
});

describe("Raked weights", () => {
  const survey = splitByPerson(syntheticSurvey("psid-like", { persons: 400 }), { seed: 1 }).train.careers;
  const resumes = syntheticResumes({ persons: 400 }).careers;
  const weights = rakedWeights(resumes, survey);
  const margin = (careers: typeof survey, of: (career: (typeof survey)[0]) => unknown, w?: number[]) => {
    const found = new Map<unknown, number>();
    let total = 0;
    careers.forEach((career, i) => {
      const counts = (w?.[i] ?? 1) * career.observations.length;
      total += counts;
      found.set(of(career), (found.get(of(career)) ?? 0) + counts);
    });
    return new Map([...found].map(([key, sum]) => [key, sum / total] as const));
  };

  it("give a collection the survey's shares, but for one person's worth, and keep its size", () => {
    for (const of of [
      ({ covariates }: (typeof survey)[0]) => covariates.gender,
      ({ observations }: (typeof survey)[0]) => observations.at(-1)!.education,
    ]) {
      const [wanted, before, after] = [margin(survey, of), margin(resumes, of), margin(resumes, of, weights)];
      for (const [value, share] of wanted) {
        const prior = 1 / (1 + survey.length);
        expectClose([after.get(value)!], [(1 - prior) * share + prior * before.get(value)!], 1e-8);
      }
      assert.ok([...wanted].some(([value, share]) => Math.abs(before.get(value)! - share) > 0.02));
    }
    const sizes = resumes.map(({ observations }) => observations.length);
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    expectClose([sum(weights.map((w, i) => w * sizes[i]))], [sum(sizes)], 1e-6);
    assert.ok(Math.min(...weights) > 0);
  });

  it("of a collection beside itself are one each; uneven ones tell as much as fewer equal ones", () => {
    expectClose(
      rakedWeights(survey, survey),
      survey.map(() => 1),
      1e-9,
    );
    assert.equal(effectiveNumber([1, 1, 1]), 3);
    assert.equal(effectiveNumber([1, 1, 2]), 16 / 6);
    assert.ok(effectiveNumber(weights) < resumes.length);
  });
});
