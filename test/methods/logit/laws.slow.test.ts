import { strict as assert } from "node:assert";
import type { Career } from "labor-llm/dist/careers/career";
import { UserError } from "labor-llm/dist/errors";
import type { LogitTerm } from "labor-llm/dist/methods/logit/features";
import { fitMultinomialLogit, type LogitOptions } from "labor-llm/dist/methods/logit/multinomial-logit";
import { fitTwoStageRegression } from "labor-llm/dist/methods/logit/two-stage-regression";
import type { TrainingCareers } from "labor-llm/dist/methods/markov";
import { fitMarkov } from "labor-llm/dist/methods/markov/markov";
import { perplexity, surprisal } from "labor-llm/dist/metrics";
import { clusterRobustMean } from "labor-llm/dist/metrics/cluster-robust";
import { personTotals } from "labor-llm/dist/metrics/perplexity";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import {
  type ObservedScores,
  type OccupationModel,
  scoreObserved,
  type TitleDistribution,
} from "labor-llm/dist/predictions";
import { Random } from "labor-llm/dist/random";
import { syntheticSurvey } from "labor-llm/dist/surveys/synthetic";
import { syntheticOracle } from "labor-llm/dist/surveys/synthetic/survey";
import { careersOf } from "../../support/careers";

const methods: [string, (train: TrainingCareers, options?: LogitOptions) => Promise<OccupationModel>][] = [
  ["The multinomial logit", fitMultinomialLogit],
  ["The two-stage regression", fitTwoStageRegression],
];

/** Careers of a logit over titles A, B, C: education, gender and the previous title matter, as `truth` says. */
const truth: Record<string, readonly number[]> = {
  intercept: [-0.8, -0.7],
  "education high": [0.8, -0.5],
  "gender male": [-0.6, 0.4],
  "previous title A": [-1, -0.8],
  "previous title C": [-0.3, 1],
  "previous title (first observation)": [0.6, 0.2],
};
function drawLogit(persons: number, seed: number): Career[] {
  const random = new Random("logit law", seed);
  return Array.from({ length: persons }, (_, i) => {
    // Most are women with low education, and B comes most: the levels that fits leave out.
    const gender = random.uniform() < 0.3 ? "male" : "female";
    let education = random.uniform() < 0.25 ? "high" : "low";
    let previous = "(first observation)";
    const observations = Array.from({ length: 6 }, (_, t) => {
      if (random.uniform() < 0.03) education = "high";
      const present = [
        "intercept",
        `education ${education}`,
        `gender ${gender}`,
        `previous title ${previous}`,
      ];
      const odds = (j: number) => Math.exp(present.reduce((sum, name) => sum + (truth[name]?.[j] ?? 0), 0));
      previous = ["B", "A", "C"][random.weighted([1, odds(0), odds(1)])];
      return { year: 2000 + t, title: previous, education };
    });
    return { person: String(i), covariates: { gender }, observations };
  });
}

const rowSums = ({ logProbability, titles, observed }: TitleDistribution) =>
  Array.from(observed, (_, n) =>
    logProbability
      .subarray(n * titles.size, (n + 1) * titles.size)
      .reduce((sum, logP) => sum + Math.exp(logP), 0),
  );

describe("The multinomial logit", () => {
  it("finds the law that made the careers, and its standard errors are the spread of its estimates", async () => {
    const titles = new TitleSet(["A", "B", "C"]);
    const terms: LogitTerm[] = ["previous title", "education", "gender"];
    const draws = 60;
    const estimates = new Map<string, { estimate: number[]; error: number[] }>();
    for (let seed = 0; seed < draws; seed++) {
      const fit = await fitMultinomialLogit({ titles, careers: drawLogit(200, seed) }, { terms, ridge: 0 });
      for (const row of fit.coefficients({ reference: "B", standardErrors: true })) {
        const name = `${row.level === undefined ? row.term : `${row.term} ${row.level}`} ${row.title}`;
        const cell = estimates.get(name) ?? { estimate: [], error: [] };
        cell.estimate.push(row.estimate);
        cell.error.push(row.standardError!);
        estimates.set(name, cell);
      }
    }
    for (const [name, values] of Object.entries(truth)) {
      values.forEach((value, j) => {
        const { estimate, error } = estimates.get(`${name} ${["A", "C"][j]}`)!;
        assert.equal(estimate.length, draws);
        const mean = estimate.reduce((a, b) => a + b) / draws;
        const spread = Math.sqrt(estimate.reduce((a, b) => a + (b - mean) ** 2, 0) / (draws - 1));
        const z = ((mean - value) / spread) * Math.sqrt(draws);
        assert.ok(Math.abs(z) < 3, `${name}: ${mean}, the law has ${value} (z ${z})`);
        const ratio = (spread / error.reduce((a, b) => a + b)) * draws;
        // The spread of `draws` normal estimates is itself off by 1 / sqrt(2 draws) of its value.
        assert.ok(
          Math.abs(ratio - 1) < 3 / Math.sqrt(2 * draws),
          `${name}: the spread is ${ratio} of the errors`,
        );
      });
    }
  });
});

for (const [name, fitted] of methods) {
  describe(name, () => {
    const titles = new TitleSet(["A", "B", "C", "never"]);
    const train = {
      titles,
      careers: careersOf("A:low A:low B:high", "A:low B:high B:high B", "B:low A:low C:low", "C:high A:low"),
    };

    it("gives every title a finite log-probability and all together one, whatever it never saw", async () => {
      const nobodyMoves = { titles, careers: careersOf("A A A", "B B") };
      const strange: Career[] = [
        ...careersOf("never:unheard-of never A", "C:low never:low C", "A"),
        {
          person: "x",
          covariates: { gender: "female", ethnicity: "martian", birthYear: 1900 },
          observations: [
            { year: 1950, title: "B" },
            { year: 2050, title: "never", education: "none" },
          ],
        },
      ];
      for (const known of [train, nobodyMoves]) {
        const prediction = await (await fitted(known, { ridge: 1 })).predict(strange);
        assert.ok(prediction.logProbability.every(Number.isFinite));
        for (const sum of rowSums(prediction)) assert.ok(Math.abs(sum - 1) < 1e-5, `${sum}`);
      }
    });

    it("is the same for any order of the training careers, and predicts each career by itself", async () => {
      const { careers, titles } = syntheticSurvey("nlsy97-like", { persons: 40 });
      const order = [...new Random("order").permutation(careers.length)];
      const options = { ridge: 1, maxIterations: 5 };
      const [one, other] = [
        await fitted({ titles, careers }, options),
        await fitted({ titles, careers: order.map((i) => careers[i]) }, options),
      ];
      const together = await one.predict(careers);
      let n = 0;
      for (const career of careers) {
        const alone = await other.predict([career]);
        const rows = together.logProbability.subarray(n, n + alone.logProbability.length);
        assert.deepEqual(alone.logProbability, rows);
        n += rows.length;
      }
    });

    it("refuses what it cannot fit, in one line", async () => {
      const refused: [TrainingCareers, LogitOptions, RegExp][] = [
        [{ titles, careers: [] }, {}, /no training person-years/],
        [{ titles, careers: careersOf("A A", "A") }, {}, /every training person-year has the title "A"/],
        [train, { ridge: -1 }, /ridge is -1/],
        [train, { ridge: [1, 2] }, /no validation careers/],
        [train, { ridge: [], validation: train.careers }, /empty list/],
        [train, { ridge: 0 }, /never occur/],
        [train, { terms: ["wage" as LogitTerm] }, /no term "wage"/],
      ];
      for (const [careers, options, message] of refused) {
        await assert.rejects(fitted(careers, options), (error: Error) => {
          assert.ok(error instanceof UserError, String(error));
          assert.match(error.message, message);
          assert.ok(!error.message.includes("\n"));
          return true;
        });
      }
    });
  });
}

describe("The penalty", () => {
  it("is the one of the list that does best on the validation careers, whatever order the list has", async () => {
    const titles = new TitleSet(["A", "B", "C"]);
    const train = { titles, careers: drawLogit(30, 1) };
    const validation = drawLogit(300, 2);
    const list = [0.001, 100, 10, 1, 0.1];
    const losses: number[] = [];
    for (const ridge of list) {
      losses.push(perplexity(await scoreObserved(await fitMultinomialLogit(train, { ridge }), validation)));
    }
    const best = list[losses.indexOf(Math.min(...losses))];
    assert.ok(best !== 100 && best !== 0.001, `the best, ${best}, is the list's end`);
    const chosen = await fitMultinomialLogit(train, { ridge: list, validation });
    assert.equal(chosen.ridge, best);
    const again = await fitMultinomialLogit(train, { ridge: [...list].reverse(), validation });
    assert.deepEqual(await again.predict(validation), await chosen.predict(validation));
    assert.ok(Math.abs(perplexity(await scoreObserved(chosen, validation)) - Math.min(...losses)) < 1e-3);
  });
});

describe("Standard errors", () => {
  it("are refused of a penalised fit, and where a coefficient has no bound", async () => {
    const titles = new TitleSet(["A", "B"]);
    const apart = { titles, careers: careersOf("A:low A:low B:low", "A:high A:high", "B:low") };
    const penalised = await fitMultinomialLogit(apart, { ridge: 1, terms: ["education"] });
    assert.throws(() => penalised.coefficients({ standardErrors: true }), /ridge of 1/);
    const fit = await fitMultinomialLogit(apart, { ridge: 0, terms: ["education"] });
    assert.throws(
      () => fit.coefficients({ standardErrors: true }),
      /no person-year with education "high" has "B"/,
    );
    assert.throws(() => fit.coefficients({ reference: "Z" }), /no title/);
  });
});

describe("On a synthetic survey", () => {
  it("the two-stage regression beats a Markov table of additive back-off, and nothing beats the law", async function () {
    this.timeout(60_000);
    const { careers, titles } = syntheticSurvey("nlsy97-like", { persons: 320 });
    const train = { titles, careers: careers.slice(0, 160) };
    const [validation, test] = [careers.slice(160, 200), careers.slice(200)];
    const oracle = surprisal(await scoreObserved(syntheticOracle("nlsy97-like"), test));
    const quick = { ridge: 10, maxIterations: 20 };
    const markov = await scoreObserved(fitMarkov(train, { validation }), test);
    const second = await scoreObserved(fitMarkov(train, { validation, order: 2 }), test);
    const logit = await scoreObserved(await fitMultinomialLogit(train, quick), test);
    const twoStage = await scoreObserved(await fitTwoStageRegression(train, quick), test);
    const excess = (model: ObservedScores, base: Float64Array) => {
      const own = surprisal(model);
      return clusterRobustMean(
        personTotals(
          model,
          own.map((s, n) => s - base[n]),
        ).all,
      );
    };
    for (const model of [markov, second, logit, twoStage]) {
      const { value, standardError } = excess(model, oracle);
      assert.ok(value > -2 * standardError, `${value} (${standardError}), perplexity ${perplexity(model)}`);
    }
    const additive = await scoreObserved(fitMarkov(train, { validation, backOff: "additive" }), test);
    const { value, standardError } = excess(twoStage, surprisal(additive));
    assert.ok(value < -2 * standardError, `${value} (${standardError})`);
  });
});
