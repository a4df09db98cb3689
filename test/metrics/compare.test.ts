import { strict as assert } from "node:assert";
import { UserError } from "labor-llm/dist/errors";
import {
  clusterRobustDifference,
  type MeasureId,
  type Measurement,
  measureNormalisedPerplexity,
  measurePerplexity,
  only,
  perplexity,
  personTotals,
  surprisal,
} from "labor-llm/dist/metrics";
import type { RowKind } from "labor-llm/dist/metrics/rows";
import { dependentModels, scoresOf } from "./distributions";

const models = dependentModels(60, 5);
const { a, b } = scoresOf(models);

/** An estimate of a model on all person-years, or on one kind. */
const of = (found: Measurement[], model: string, measure: MeasureId, transition: RowKind = "all") =>
  only(found, { model, measure, on: { transition } }).estimate;

describe("measurePerplexity", () => {
  it("measures each model on each kind of person-year, with the numbers of the single measures", () => {
    const found = measurePerplexity("s", { a, b }, { reference: "b", replications: 500 });
    // Nobody moves in these careers.
    assert.deepEqual(
      [...new Set(found.map(({ on, model }) => `${on.transition} ${model}`))],
      ["all a", "all b", "first a", "first b", "stay a", "stay b"],
    );
    const [all] = found;
    assert.deepEqual([all.survey, all.persons, all.personYears], ["s", 60, a.observed.length]);
    for (const model of ["a", "b"]) {
      for (const kind of ["all", "first", "stay"] as const) {
        const [own, other] = [model === "a" ? a : b, b].map((d) => perplexity(d, { by: kind }));
        const { value, standardError, interval } = of(found, model, "perplexity", kind);
        assert.ok(Math.abs(value - own) < 1e-12);
        assert.ok(interval[0] < own && own < interval[1] && standardError > 0);
        const difference = of(found, model, "perplexity difference", kind);
        const nats = of(found, model, "log-loss difference", kind);
        assert.ok(Math.abs(difference.value - (own - other)) < 1e-12);
        assert.ok(Math.abs(nats.value - Math.log(own / other)) < 1e-12);
        if (model === "b")
          assert.deepEqual([difference.value, difference.standardError, nats.standardError], [0, 0, 0]);
      }
    }
    const [totalsA, totalsB] = [a, b].map((d) => personTotals(d, surprisal(d)).all);
    const closed = clusterRobustDifference(totalsA, totalsB).standardError;
    assert.ok(Math.abs(of(found, "a", "perplexity difference").standardError / closed - 1) < 0.15);
  });

  it("takes the valid mass out of the normalised perplexity and nothing else", () => {
    const half = {
      ...models.a,
      logProbability: models.a.logProbability.map((logP) => logP - Math.LN2),
      validMass: models.a.validMass.map(() => 0.5),
    };
    const both = { a: models.a, half };
    const options = { kinds: ["all"], replications: 100 } as const;
    const found = measurePerplexity("s", scoresOf(both), options);
    const nats = of(found, "half", "log-loss difference");
    assert.ok(Math.abs(nats.value - Math.LN2) < 1e-6 && nats.standardError < 1e-6);
    const whole = of(found, "a", "perplexity").value;
    const normalised = measureNormalisedPerplexity("s", both, options);
    assert.ok(Math.abs(of(normalised, "half", "normalised perplexity").value - whole) < 1e-6);
    assert.ok(Math.abs(of(normalised, "half", "normalised log-loss difference").value) < 1e-6);
    assert.equal(of(normalised, "a", "valid mass").value, 1);
    assert.equal(of(normalised, "half", "valid mass").value, 0.5);
  });

  it("sees the same resamples normalised and not", () => {
    const options = { reference: "b", replications: 100 };
    const raw = measurePerplexity("s", { a, b }, options);
    const normalised = measureNormalisedPerplexity("s", models, options);
    for (const { measure, estimate, ...rest } of raw) {
      const other = only(normalised, { ...rest, measure: `normalised ${measure}` as MeasureId });
      assert.deepEqual(other.estimate, estimate);
    }
  });

  it("refuses models that were not predicted for the same person-years, and says where they differ", () => {
    const other = { ...a, year: a.year.map((year, n) => (n === 3 ? year + 1 : year)) };
    assert.throws(
      () => measurePerplexity("s", { a, other }),
      (error) =>
        error instanceof UserError && /"a" and "other".* row 3 has year 2003 and 2004/.test(error.message),
    );
    assert.throws(() => measurePerplexity("s", { a, c: scoresOf(dependentModels(59, 5)).a }), /rows/);
    assert.throws(() => measurePerplexity("s", { a, b }, { reference: "c" }), /reference "c"/);
    assert.throws(() => measurePerplexity("s", {}), UserError);
  });
});
