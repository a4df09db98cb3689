import { strict as assert } from "node:assert";
import { equivalenceP, isEquivalent, pValueOf, standingOf } from "labor-llm/dist/metrics/standing";
import { Random } from "labor-llm/dist/random";

describe("Where a number stands", () => {
  it("reaches as many standard errors as Student's t with the error's own degrees of freedom", () => {
    const measured = { value: 2.2, standardError: 1, persons: 200 };
    assert.equal(standingOf(measured), "above");
    // 2.2281 standard errors at ten degrees (scipy.stats.t.ppf), whatever the persons.
    assert.equal(standingOf({ ...measured, degrees: 10 }), "within");
    assert.equal(standingOf({ ...measured, value: 2.23, degrees: 10 }), "above");
    assert.equal(standingOf({ ...measured, value: 1e9, persons: 1 }), "within");
    assert.equal(isEquivalent({ ...measured, value: 0 }, 0, 1.7), true);
    assert.equal(isEquivalent({ ...measured, value: 0, degrees: 10 }, 0, 1.7), false);
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

  it("has p-values that say what it says, of a bound and of equality within a margin", () => {
    const random = new Random("p-values", 1);
    for (let i = 0; i < 500; i++) {
      const persons = 3 + random.integer(60);
      const measured = { value: 3 * random.normal(), standardError: 0.2 + random.uniform(), persons };
      const bound = random.normal();
      assert.equal(pValueOf(measured, bound) < 0.05, standingOf(measured, bound) !== "within");
      const margin = 0.1 + 3 * random.uniform();
      assert.equal(equivalenceP(measured, bound, margin) < 0.05, isEquivalent(measured, bound, margin));
    }
    assert.ok(Number.isNaN(pValueOf({ value: 1, standardError: NaN })));
    assert.ok(Number.isNaN(pValueOf({ value: 1, standardError: 1, persons: 1 })));
    assert.equal(pValueOf({ value: Infinity, standardError: 1 }), 0);
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
