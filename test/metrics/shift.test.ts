import { strict as assert } from "node:assert";
import { measurePerplexity, only } from "labor-llm";
import { clusterRobustMean } from "labor-llm/dist/metrics/cluster-robust";
import { surprisalContrast } from "labor-llm/dist/metrics/contrast";
import { personTotals } from "labor-llm/dist/metrics/perplexity";
import { powerLaw } from "labor-llm/dist/metrics/power-law";
import { measureShift, rowShifts } from "labor-llm/dist/metrics/shift";
import { observedScores } from "labor-llm/dist/predictions/observed-scores";
import { expectClose } from "../support/close";
import { dependentModels, distributionOf, scoresOf } from "./distributions";

describe("The shift of a distribution", () => {
  const log = (...rows: number[][]) => rows.flat().map(Math.log);
  const of = (logProbability: number[]) =>
    distributionOf({
      titles: 3,
      person: [0, 0, 1],
      observed: [0, 1, 2],
      previous: [-1, 0, -1],
      logProbability,
    });
  const a = of(log([0.5, 0.5, 0], [0.2, 0.3, 0.5], [0.1, 0.1, 0.2]));
  const b = of(log([0, 0.5, 0.5], [0.2, 0.3, 0.5], [1, 0, 0]));

  it("is that of the normalised rows: half the absolute differences, and the entropy gained by mixing", () => {
    const { totalVariation, jensenShannon } = rowShifts(a, b);
    expectClose(totalVariation, [0.5, 0, 0.75], 1e-7);
    const entropy = (p: number[]) => -p.reduce((sum, x) => sum + (x > 0 ? x * Math.log(x) : 0), 0);
    const divergence = (p: number[], q: number[]) =>
      entropy(p.map((x, j) => (x + q[j]) / 2)) - (entropy(p) + entropy(q)) / 2;
    const expected = [divergence([0.5, 0.5, 0], [0, 0.5, 0.5]), 0, divergence([0.25, 0.25, 0.5], [1, 0, 0])];
    expectClose(jensenShannon, expected, 1e-7);
    assert.ok(Math.max(...jensenShannon) < Math.LN2);
    const back = rowShifts(b, a);
    expectClose(back.jensenShannon, jensenShannon, 1e-12);
  });

  it("has errors over persons that agree with the closed form, and counts changed top titles", () => {
    const { a: one, b: two } = dependentModels(120, 3);
    const names = { model: "two", against: "one" };
    const found = measureShift("survey", names, [one, two], { replications: 1000 });
    const robust = clusterRobustMean(personTotals(one, rowShifts(one, two).totalVariation).all);
    const [variation] = found;
    expectClose([variation.estimate.value], [robust.value], 1e-12);
    assert.ok(Math.abs(variation.estimate.standardError / robust.standardError - 1) < 0.1);
    assert.deepEqual(
      found.map(({ measure, persons, against }) => [measure, persons, against]),
      [
        ["total variation", 120, "one"],
        ["Jensen-Shannon divergence", 120, "one"],
        ["top title changed", 120, "one"],
      ],
    );
    const few = measureShift("survey", names, [a, b], { replications: 10 });
    assert.equal(only(few, { measure: "top title changed" }).estimate.value, 2 / 3);
    for (const { estimate } of measureShift("survey", names, [a, a], { replications: 10 }))
      assert.deepEqual([estimate.value, estimate.standardError], [0, 0]);
  });
});

describe("A power law", () => {
  const at = (loss: (person: number) => number) =>
    observedScores(
      distributionOf({
        titles: 2,
        person: [0, 0, 1, 2],
        observed: [1, 1, 1, 1],
        previous: [-1, 1, -1, -1],
        logProbability: [0, 0, 1, 2].flatMap((person) => [-1, -loss(person)]),
      }),
    );
  const sizes = [3, 10, 40, 200];

  it("that holds for each person is found without error; scale, fall and what is explained follow", () => {
    const points = sizes.map((size) => ({ size, scores: at(() => 2 - 0.25 * Math.log(size)) }));
    const law = powerLaw("survey", "model", points, { replications: 50 });
    const expected = [0.25, Math.exp(2), 100 * (1 - 2 ** -0.25), 1];
    assert.deepEqual(
      law.map(({ measure }) => measure),
      ["power-law exponent", "power-law scale", "fall per doubling", "variation explained"],
    );
    law.forEach(({ estimate: { value, standardError }, persons, personYears }, i) => {
      expectClose([value, standardError], [expected[i], 0], 1e-5 * expected[i]);
      assert.deepEqual([persons, personYears], [3, 4]);
    });
  });

  it("whose exponent differs between persons has that spread as its error, and a bend is told", () => {
    const exponents = [0.1, 0.3, 0.2];
    const points = sizes.map((size) => ({
      size,
      scores: at((i) => 3 - exponents[i] * Math.log(size)),
    }));
    const found = powerLaw("survey", "model", points, { replications: 4000 });
    const [{ estimate }, , { estimate: fall }] = found;
    expectClose([estimate.value], [(2 * 0.1 + 0.3 + 0.2) / 4], 1e-6);
    const { standardError } = estimate;
    assert.ok(standardError > 0.02 && standardError < 0.08, String(standardError));
    // The fall is a function of the exponent alone: its interval's ends are those of the exponent.
    expectClose(
      fall.interval,
      estimate.interval.map((end) => 100 * (1 - 2 ** -end)),
      1e-2,
    );
    const bent = sizes.map((size) => ({ size, scores: at(() => 1 + 1 / size) }));
    const explained = powerLaw("survey", "model", bent, { replications: 10 })[3];
    assert.ok(explained.estimate.value < 0.9);
    assert.throws(() => powerLaw("survey", "model", points.slice(0, 1)), {
      name: "UserError",
      message: /two sizes/,
    });
  });
});

describe("A contrast of surprisals", () => {
  it("of two models is their log ratio; a difference of a difference with itself is nothing, without error", () => {
    const { a, b } = scoresOf(dependentModels(80, 5));
    const compared = measurePerplexity("s", { a, b }, { kinds: ["all"], replications: 1000 });
    const row = only(compared, { model: "b", measure: "log-loss difference" }).estimate;
    const { value, standardError } = surprisalContrast([
      { times: 1, scores: b },
      { times: -1, scores: a },
    ]);
    expectClose([value], [row.value], 1e-12);
    assert.ok(Math.abs(standardError / row.standardError - 1) < 0.1);
    const nothing = [1, -1, -1, 1].map((times, i) => ({ times, scores: i % 2 === 0 ? a : b }));
    expectClose(Object.values(surprisalContrast(nothing)), [0, 0], 1e-12);
    const other = { ...b, year: b.year.map((year) => year + 1) };
    assert.throws(
      () =>
        surprisalContrast([
          { times: 1, scores: a },
          { times: 1, scores: other },
        ]),
      {
        name: "UserError",
      },
    );
  });
});
