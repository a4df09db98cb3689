import { strict as assert } from "node:assert";
import { clusterRobustDifference, personTotals, surprisal } from "labor-llm/dist/metrics";
import { bootstrapByPerson } from "labor-llm/dist/metrics/bootstrap";
import { clusterRobustPerplexity } from "labor-llm/dist/metrics/cluster-robust";
import { type PersonTotals, weightedMean } from "labor-llm/dist/metrics/perplexity";
import { observedScores, type TitleDistribution } from "labor-llm/dist/predictions";
import { dependentModels } from "./distributions";

const totalsOf = (d: TitleDistribution) => personTotals(d, surprisal(observedScores(d))).all;

function perplexityAndDifference(a: PersonTotals, b: PersonTotals) {
  return (times: Float64Array) => {
    const [own, other] = [Math.exp(weightedMean(a, times)), Math.exp(weightedMean(b, times))];
    return [own, own - other, other];
  };
}

describe("bootstrap over persons", () => {
  it("agrees with the closed form: perplexity, and the paired difference of two models", () => {
    const models = dependentModels(400, 1);
    const [a, b] = [totalsOf(models.a), totalsOf(models.b)];
    const options = { replications: 4000, seed: 7 };
    const [own, difference, other] = bootstrapByPerson(400, perplexityAndDifference(a, b), options);
    for (const [estimate, closed] of [
      [own, clusterRobustPerplexity(a)],
      [difference, clusterRobustDifference(a, b)],
    ] as const) {
      assert.ok(Math.abs(estimate.value - closed.value) < 1e-12);
      // The error of a standard deviation over 4000 draws is about 1.1 %.
      const ratio = estimate.standardError / closed.standardError;
      assert.ok(Math.abs(ratio - 1) < 0.04, `ratio ${ratio}`);
      const halfWidth = (estimate.interval[1] - estimate.interval[0]) / 2;
      assert.ok(Math.abs(halfWidth / (1.96 * estimate.standardError) - 1) < 0.06, `half width ${halfWidth}`);
    }
    // Unpaired, the errors would add up.
    assert.ok(difference.standardError < 0.5 * Math.hypot(own.standardError, other.standardError));
  });

  it("covers the truth in about 95 of 100 samples, which rows drawn one by one would not", () => {
    // E[-ln P] = E[effect] + E[noise] = 1, by design independent of the number of years.
    const truth = Math.E;
    const samples = 300;
    let covered = 0;
    let coveredByRows = 0;
    for (let s = 0; s < samples; s++) {
      const { a } = dependentModels(80, 100 + s);
      const byRow = { ...a, person: a.person.map((_, n) => n) };
      const covers = (d: TitleDistribution) => {
        const totals = totalsOf(d);
        const [{ interval }] = bootstrapByPerson(
          totals.total.length,
          (times) => [Math.exp(weightedMean(totals, times))],
          { replications: 300, seed: s },
        );
        return interval[0] <= truth && truth <= interval[1];
      };
      if (covers(a)) covered++;
      if (covers(byRow)) coveredByRows++;
    }
    // Standard error of a share of 0.95 in 300 samples: 0.013.
    assert.ok(covered / samples > 0.91 && covered / samples < 0.985, `coverage ${covered / samples}`);
    assert.ok(coveredByRows / samples < 0.88, `coverage by rows ${coveredByRows / samples}`);
  });

  it("refuses a number of replications or a seed beyond their ranges", () => {
    for (const [options, says] of [
      [{ replications: 1 }, /^replications is 1\. .* from 2 to 1000000/],
      [{ replications: 1e9 }, /^replications is 1000000000\. .* from 2 to 1000000/],
      [{ seed: 2 ** 53 }, /9007199254740992 is no seed/],
    ] as const) {
      assert.throws(() => bootstrapByPerson(3, () => [1], options), { name: "UserError", message: says });
    }
  });

  it("draws the same resamples for the same seed, and others for another", () => {
    const totals = totalsOf(dependentModels(30, 2).a);
    const run = (seed: number) =>
      bootstrapByPerson(30, (times) => [weightedMean(totals, times)], { replications: 50, seed });
    assert.deepEqual(run(1), run(1));
    assert.notDeepEqual(run(1), run(2));
  });

  it("says that the error is not known for one person or an infinite estimate", () => {
    const totals = { total: Float64Array.of(1, Infinity, 2), count: Float64Array.of(1, 1, 1) };
    const [infinite] = bootstrapByPerson(3, (times) => [Math.exp(weightedMean(totals, times))]);
    assert.equal(infinite.value, Infinity);
    assert.ok(Number.isNaN(infinite.standardError));
    assert.ok(infinite.interval[0] >= Math.exp(1) && infinite.interval[1] === Infinity);
    const [single] = bootstrapByPerson(1, () => [3]);
    assert.ok(single.value === 3 && Number.isNaN(single.standardError) && Number.isNaN(single.interval[0]));
  });
});
