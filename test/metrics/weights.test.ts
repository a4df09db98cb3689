import { strict as assert } from "node:assert";
import { comparePerplexity, perplexity, personTotals, ROW_KINDS, surprisal } from "labor-llm/dist/metrics";
import { clusterRobustPerplexity } from "labor-llm/dist/metrics/cluster-robust";
import type { TitleDistribution } from "labor-llm/dist/models";
import { fitEmpirical } from "labor-llm/dist/models/empirical";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { Random } from "labor-llm/dist/random";
import { dependentModels } from "./distributions";

/** The distribution with rows n repeated `times[n]` times, as another person-year of the same person. */
function repeated(d: TitleDistribution, times: ArrayLike<number>): TitleDistribution {
  const rows = Array.from(d.observed, (_, n) => n).flatMap((n) => new Array<number>(times[n]).fill(n));
  const J = d.titles.size;
  return {
    titles: d.titles,
    logProbability: Float32Array.from(
      rows.flatMap((n) => [...d.logProbability.subarray(n * J, (n + 1) * J)]),
    ),
    validMass: Float32Array.from(rows, (n) => d.validMass[n]),
    observed: Int32Array.from(rows, (n) => d.observed[n]),
    person: Int32Array.from(rows, (n) => d.person[n]),
    year: Int32Array.from(rows, (n) => d.year[n]),
    previous: Int32Array.from(rows, (n) => d.previous[n]),
  };
}

function near(actual: number, expected: number, tolerance = 1e-12): void {
  if (Number.isNaN(expected)) assert.ok(Number.isNaN(actual));
  else assert.ok(Math.abs(actual / expected - 1) < tolerance, `${actual}, not ${expected}`);
}

describe("survey weights", () => {
  const { a, b } = dependentModels(60, 3);
  const random = new Random("weights", 1);
  const times = Float64Array.from(a.observed, () => random.integer(4)); // 0 to 3
  const heavy = { ...a, weight: times };

  it("that are whole numbers count each person-year so often", () => {
    for (const by of ROW_KINDS) {
      near(perplexity(heavy, { weighted: true, by }), perplexity(repeated(a, times), { by }));
    }
    const weighted = clusterRobustPerplexity(personTotals(heavy, surprisal(heavy), times).all);
    const again = clusterRobustPerplexity(
      personTotals(repeated(a, times), surprisal(repeated(a, times))).all,
    );
    // A person all of whose weights are zero is no person of the repeated sample.
    near(weighted.value, again.value);
    near(weighted.standardError, again.standardError);
  });

  it("that are equal change no number of a comparison, and none is used unless asked for", () => {
    const weight = new Float64Array(a.observed.length).fill(1);
    const options = { replications: 50, seed: 1 };
    const plain = comparePerplexity({ a, b }, options);
    const carried = { a: { ...a, weight: times }, b: { ...b, weight: times } };
    assert.deepEqual(comparePerplexity(carried, options), plain);
    const equal = { a: { ...a, weight }, b: { ...b, weight } };
    assert.deepEqual(comparePerplexity(equal, { ...options, weighted: true }), plain);
  });

  it("enter the comparison's perplexities and paired differences, not its counts of person-years", () => {
    const rows = comparePerplexity(
      { a: heavy, b: { ...b, weight: times } },
      { weighted: true, replications: 50, kinds: ["all"] },
    );
    const expected = [a, b].map((d) => perplexity({ ...d, weight: times }, { weighted: true }));
    rows.forEach((row, m) => {
      near(row.perplexity, expected[m]);
      near(row.difference + 1, expected[m] - expected[0] + 1);
      assert.equal(row.personYears, a.observed.length);
      assert.equal(row.persons, 60);
      assert.ok(row.perplexityError > 0);
    });
  });

  it("of zero silence even an impossible title; a weight that is missing is refused", () => {
    const impossible = { ...a, logProbability: a.logProbability.slice(), weight: times.slice() };
    impossible.logProbability[a.observed[0]] = -Infinity;
    impossible.weight[0] = 0;
    assert.ok(perplexity(impossible, { weighted: true }) < Infinity);
    assert.equal(perplexity(impossible), Infinity);
    impossible.weight[2] = NaN;
    assert.throws(() => perplexity(impossible, { weighted: true }), {
      name: "UserError",
      message: /no survey weight, for example in row 2/,
    });
    assert.throws(() => perplexity(a, { weighted: true }), {
      name: "UserError",
      message: /no survey weight\./,
    });
  });

  it("go from the careers into the distribution", async () => {
    const titles = new TitleSet(["Cooks", "Bakers"]);
    const career = (weights: (number | undefined)[]) => ({
      person: "p",
      covariates: {},
      observations: weights.map((weight, i) => ({ year: 1990 + i, title: "Cooks", weight })),
    });
    const model = fitEmpirical({ titles, careers: [career([1])] });
    const predicted = await model.predict([career([2, 0]), career([undefined])]);
    assert.deepEqual(predicted.weight, Float64Array.of(2, 0, NaN));
    assert.equal((await model.predict([career([undefined])])).weight, undefined);
  });
});
