import { strict as assert } from "node:assert";
import { UserError } from "labor-llm/dist/errors";
import {
  clusterRobustDifference,
  comparePerplexity,
  perplexity,
  personTotals,
  surprisal,
} from "labor-llm/dist/metrics";
import { dependentModels } from "./distributions";

const { a, b } = dependentModels(60, 5);

describe("comparePerplexity", () => {
  it("has a row for each kind and model, with the numbers of the single measures", () => {
    const rows = comparePerplexity({ a, b }, { reference: "b", replications: 500 });
    // Nobody moves in these careers.
    assert.deepEqual(
      rows.map(({ kind, model }) => `${kind} ${model}`),
      ["all a", "all b", "first a", "first b", "stay a", "stay b"],
    );
    const [all] = rows;
    assert.equal(all.persons, 60);
    assert.equal(all.personYears, a.observed.length);
    assert.equal(all.validMass, 1);
    for (const { kind, model, ...row } of rows) {
      const own = perplexity(model === "a" ? a : b, { by: kind });
      assert.ok(Math.abs(row.perplexity - own) < 1e-12);
      assert.ok(Math.abs(row.difference - (own - perplexity(b, { by: kind }))) < 1e-12);
      assert.ok(Math.abs(row.logRatio - Math.log(own / perplexity(b, { by: kind }))) < 1e-12);
      assert.ok(row.perplexityLow < own && own < row.perplexityHigh && row.perplexityError > 0);
      if (model === "b")
        assert.ok(row.difference === 0 && row.differenceError === 0 && row.logRatioError === 0);
    }
    const [totalsA, totalsB] = [a, b].map((d) => personTotals(d, surprisal(d)).all);
    const closed = clusterRobustDifference(totalsA, totalsB).standardError;
    assert.ok(Math.abs(all.differenceError / closed - 1) < 0.15);
  });

  it("takes the valid mass out of the normalised perplexity and nothing else", () => {
    const half = {
      ...a,
      logProbability: a.logProbability.map((logP) => logP - Math.LN2),
      validMass: a.validMass.map(() => 0.5),
    };
    const [whole, halved] = comparePerplexity({ a, half }, { kinds: ["all"], replications: 100 });
    assert.ok(Math.abs(halved.logRatio - Math.LN2) < 1e-6 && halved.logRatioError < 1e-6);
    assert.ok(Math.abs(halved.normalised - whole.perplexity) < 1e-6);
    assert.equal(halved.validMass, 0.5);
  });

  it("refuses models that were not predicted for the same person-years, and says where they differ", () => {
    const other = { ...a, year: a.year.map((year, n) => (n === 3 ? year + 1 : year)) };
    assert.throws(
      () => comparePerplexity({ a, other }),
      (error) =>
        error instanceof UserError && /"a" and "other".* row 3 has year 2003 and 2004/.test(error.message),
    );
    assert.throws(() => comparePerplexity({ a, c: dependentModels(59, 5).a }), /rows/);
    assert.throws(() => comparePerplexity({ a, b }, { reference: "c" }), /reference "c"/);
    assert.throws(() => comparePerplexity({}), UserError);
  });
});
