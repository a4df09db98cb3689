import { strict as assert } from "node:assert";
import { isEquivalent, standingOf, studentQuantile } from "labor-llm/dist/metrics/standing";
import { Random } from "labor-llm/dist/random";

describe("Where a number stands", () => {
  it("has Student's quantiles of scipy.stats.t.ppf", () => {
    const known: [persons: number, at975: number, at95: number][] = [
      [11, 2.2281388519649385, 1.8124611228107335],
      [32, 2.0395134463964077, 1.6955187889366392],
      [60, 2.000995378088259, 1.6710930321494473],
      [151, 1.9759053308966197, 1.6550755001871769],
    ];
    for (const [persons, at975, at95] of known) {
      assert.ok(Math.abs(studentQuantile(0.975, { persons }) - at975) < 1e-3, `${persons}`);
      assert.ok(Math.abs(studentQuantile(0.95, { persons }) - at95) < 1e-3, `${persons}`);
    }
    assert.equal(studentQuantile(0.975, { persons: 1 }), Infinity);
  });

  it("rejects a true null in five per cent of samples, few persons or many, and shows equality in few", () => {
    const random = new Random("standing", 1);
    for (const persons of [12, 200]) {
      const [runs, margin] = [4000, 0.2];
      let [rejected, equal] = [0, 0];
      for (let run = 0; run < runs; run++) {
        const x = Array.from({ length: persons }, () => random.normal());
        const mean = x.reduce((a, b) => a + b, 0) / persons;
        const error = Math.sqrt(x.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (persons - 1) / persons);
        if (standingOf({ value: mean, standardError: error, persons }) !== "within") rejected++;
        // A true difference of just the margin is taken for equality in five per cent at most.
        if (isEquivalent({ value: mean, standardError: error, persons }, margin, margin)) equal++;
      }
      const slack = 4 * Math.sqrt((0.05 * 0.95) / runs);
      assert.ok(Math.abs(rejected / runs - 0.05) < slack, `${persons}: ${rejected / runs}`);
      assert.ok(equal / runs < 0.05 + slack, `${persons}: ${equal / runs}`);
    }
  });

  it("is beyond the error only where error and interval agree, and unknown where the error is", () => {
    assert.equal(standingOf({ value: 3, standardError: 1 }), "above");
    assert.equal(standingOf({ value: -3, standardError: 1 }), "below");
    assert.equal(standingOf({ value: 3, standardError: 1, interval: [-0.1, 5] }), "within");
    assert.equal(standingOf({ value: 3, standardError: 1, interval: [1, 5] }, 2), "within");
    assert.equal(standingOf({ value: Infinity, standardError: 1 }), "above");
    assert.equal(standingOf({ value: 1, standardError: NaN }), "not known");
  });
});
