import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import {
  clusterRobustDifference,
  clusterRobustMean,
  perplexity,
  personTotals,
  ROW_KINDS,
  type RowKind,
  surprisal,
} from "labor-llm/dist/metrics";
import { clusterRobustPerplexity } from "labor-llm/dist/metrics/cluster-robust";
import { normalisedScores } from "labor-llm/dist/metrics/perplexity";
import { transitionKinds } from "labor-llm/dist/metrics/rows";
import { observedScores } from "labor-llm/dist/predictions";
import { fixture } from "../support/paths";
import { distributionOf } from "./distributions";

interface Reference {
  titles: number;
  person: number[];
  observed: number[];
  previous: number[];
  validMass: Record<"a" | "b", number[]>;
  logProbability: Record<"a" | "b", number[]>;
  expected: Record<
    RowKind,
    {
      rows: number;
      normalisedA: number;
      meanA: { mean: number; standardError: number };
      meanB: { mean: number; standardError: number };
      differenceStandardError: number;
    }
  >;
}

// Compiled tests lie in test/.build/FOLDER; fixtures stay in test/fixtures.
const file = fixture("metrics/reference.json");
const reference: Reference = JSON.parse(readFileSync(file, "utf8"));
const models = (["a", "b"] as const).map((model) =>
  distributionOf({
    ...reference,
    logProbability: reference.logProbability[model],
    validMass: reference.validMass[model],
  }),
);

const [a, b] = models.map(observedScores);

function assertRelative(actual: number, expected: number, tolerance: number) {
  assert.ok(Math.abs(actual / expected - 1) < tolerance, `${actual}, not ${expected}`);
}

describe("perplexity", () => {
  it("is exp of scikit-learn's log loss, normalised, on each kind of person-year", () => {
    for (const by of ROW_KINDS) {
      const actual = perplexity(normalisedScores(models[0]), { by });
      assertRelative(actual, reference.expected[by].normalisedA, 1e-6); // probabilities in single precision
      assertRelative(perplexity(a, { by }), Math.exp(reference.expected[by].meanA.mean), 1e-12);
    }
  });

  it("has statsmodels' clustered standard errors in closed form, paired differences too", () => {
    const [totalsA, totalsB] = [a, b].map((d) => personTotals(d, surprisal(d)));
    for (const by of ROW_KINDS) {
      const { rows, meanA, meanB, differenceStandardError } = reference.expected[by];
      assert.equal(
        totalsA[by].count.reduce((x, y) => x + y),
        rows,
      );
      for (const [totals, mean] of [
        [totalsA, meanA],
        [totalsB, meanB],
      ] as const) {
        assertRelative(clusterRobustMean(totals[by]).standardError, mean.standardError, 1e-9);
        const { value, standardError } = clusterRobustPerplexity(totals[by]);
        assertRelative(standardError, value * mean.standardError, 1e-9);
      }
      const difference = clusterRobustDifference(totalsA[by], totalsB[by]);
      assertRelative(difference.value, Math.exp(meanA.mean) - Math.exp(meanB.mean), 1e-9);
      assertRelative(difference.standardError, differenceStandardError, 1e-9);
    }
  });

  it("of a model that knows nothing is the number of titles, on every kind", () => {
    const even = distributionOf({
      ...reference,
      validMass: undefined,
      logProbability: reference.logProbability.a.map(() => -Math.log(4)),
    });
    for (const by of ROW_KINDS) assertRelative(perplexity(observedScores(even), { by }), 4, 1e-7);
  });

  it("tells first, move and stay by the title before", () => {
    const rows = { observed: Int32Array.of(2, 2, 1, 0, 0), previous: Int32Array.of(-1, 2, 2, -1, 0) };
    assert.deepEqual(transitionKinds(rows), ["first", "stay", "move", "first", "stay"]);
  });

  it("is infinite if the impossible happened, and normalises where the mass underflows", () => {
    const row = { titles: 2, person: [0], observed: [0], previous: [-1] };
    const impossible = distributionOf({ ...row, logProbability: [-Infinity, -1], validMass: [Math.exp(-1)] });
    const tiny = distributionOf({ ...row, logProbability: [-200, -200 - Math.log(3)], validMass: [0] });
    assert.equal(perplexity(observedScores(impossible)), Infinity);
    assert.equal(perplexity(normalisedScores(impossible)), Infinity);
    assertRelative(perplexity(observedScores(tiny)), Math.exp(200), 1e-12);
    assertRelative(perplexity(normalisedScores(tiny)), 4 / 3, 1e-5);
    assert.ok(Number.isNaN(perplexity(observedScores(tiny), { by: "stay" })));
  });

  it("refuses what is no probability", () => {
    const row = { titles: 2, person: [0], observed: [0], previous: [-1] };
    for (const wrong of [NaN, 0.1]) {
      const one = distributionOf({ ...row, logProbability: [wrong, -1] });
      assert.throws(() => perplexity(observedScores(one)), /row 0/);
    }
    const mass = distributionOf({ ...row, logProbability: [-1, -1], validMass: [1.1] });
    assert.throws(() => perplexity(normalisedScores(mass)), /row 0/);
  });
});
