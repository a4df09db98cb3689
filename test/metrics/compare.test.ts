import { strict as assert } from "node:assert";
import fc from "fast-check";
import { UserError } from "labor-llm/dist/errors";
import {
  type ComparisonRow,
  clusterRobustDifference,
  comparePerplexity,
  perplexity,
  personTotals,
  surprisal,
  verdict,
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

describe("verdict", () => {
  const numbers = comparePerplexity({ a, b }, { kinds: ["all"], replications: 100 });
  /** A difference of perplexities, and one in nats that is a hundredth of it unless said. */
  const row = (
    model: string,
    difference: number,
    differenceError: number,
    nats = difference / 100,
    natsError = differenceError / 100,
  ): ComparisonRow => ({
    ...numbers[0],
    model,
    reference: "Fine-tuned",
    difference,
    differenceError,
    logRatio: nats,
    logRatioError: natsError,
    logRatioLow: nats - 1.96 * natsError,
    logRatioHigh: nats + 1.96 * natsError,
  });
  const reference = row("Fine-tuned", 0, 0);

  it("says side, size and error of each difference, and whether it is beyond its error", () => {
    assert.equal(
      verdict([reference, row("Off-the-shelf", 210.3, 12.1), row("Markov", -0.05, 0.03)]),
      "Perplexity: Fine-tuned is 210 (standard error 12) below Off-the-shelf, 2.10 (0.12) nats; " +
        "0.050 (0.030) above Markov, 0.00050 (0.00030) nats, no difference beyond its error.",
    );
    assert.equal(
      verdict([reference, { ...row("Empirical", 0, NaN), perplexity: Infinity }]),
      "Perplexity: Fine-tuned is below Empirical, which held a title impossible that happened (infinite perplexity).",
    );
    assert.throws(() => verdict([reference]), UserError);
  });

  it("judges by the mean difference of log-probability where a heavy tail drowns that of perplexity", () => {
    assert.equal(
      verdict([reference, row("Off-the-shelf", 48_000, 42_000, 8.66, 0.12)]),
      "Perplexity: Fine-tuned is 48000 (standard error 42000) below Off-the-shelf, 8.66 (0.12) nats.",
    );
  });

  it("cannot contradict its numbers", () => {
    const difference = fc.double({ min: -500, max: 500, noNaN: true }).filter((x) => Math.abs(x) > 1e-6);
    const error = fc.double({ min: 1e-5, max: 500, noNaN: true });
    fc.assert(
      fc.property(difference, error, (d, e) => {
        const sentence = verdict([reference, row("Markov", d, e)]);
        const [, size, printedError, side] =
          /is ([\d.]+) \(standard error ([\d.]+)\) (below|above) Markov/.exec(sentence) ?? [];
        assert.equal(side, d > 0 ? "below" : "above");
        assert.ok(
          Math.abs(Number(size) - Math.abs(d)) <= 0.051 * e &&
            Math.abs(Number(printedError) - e) <= 0.051 * e,
        );
        assert.equal(sentence.includes("no difference"), Math.abs(d) <= 1.96 * e);
      }),
      { seed: 11 },
    );
  });
});
