import { strict as assert } from "node:assert";
import { transitionKind } from "labor-llm/dist/metrics/rows";
import type { ObservedScores } from "labor-llm/dist/predictions";
import { judge as judgeClaim, published, verdictOf } from "labor-llm/dist/results";
import { judgeOrders, type OrderClaim } from "labor-llm/dist/studies/evidence/claims";
import { dependentModels, scoresOf } from "../../metrics/distributions";

const { a } = scoresOf(dependentModels(60, 5));

/** The same model, less sure of what happened by so many nats, in so many of a hundred person-years. */
function worse(nats: number, inHundred = 100): ObservedScores {
  const less = (logP: number, n: number) => (n % 100 < inHundred ? logP - nats : logP);
  return { ...a, observedLogProbability: a.observedLogProbability.map(less) };
}

const claim = { claim: "A is below B", lower: "A", higher: "B" };
const judge = (lower: ObservedScores, higher: ObservedScores, more: Partial<OrderClaim> = {}) => {
  const models = { survey: "s", scores: { A: lower, B: higher } };
  return judgeOrders(models, [{ ...claim, ...more }], { replications: 400 })[0];
};

describe("judgeOrders", () => {
  it("tells an order from its reverse and from none", () => {
    // The fits are held fixed.
    assert.equal(verdictOf(judge(a, worse(0.3))), "supported for this fit, beyond its error");
    assert.equal(verdictOf(judge(worse(0.3), a)), "not supported: the order is reversed");
    assert.equal(verdictOf(judge(a, worse(0.3, 1))), "no difference beyond its error");
    assert.ok(Math.abs(judge(a, worse(0.3)).value - 0.3) < 1e-6);
  });

  it("says that an order replicates only where it was published, on the whole error", () => {
    const { fineTuned7B: lower, career: higher } = published.perplexity;
    const beside = (one: ObservedScores, other: ObservedScores) => {
      const found = judge(one, other, { published: { lower, higher } });
      const measured = { value: found.value, standardError: found.standardError };
      const whole = judgeClaim(found.claim, { survey: "s", measure: found.measure, measured, over: "all" });
      return [found.outcome, whole.outcome];
    };
    assert.deepEqual(beside(a, worse(0.3)), ["supported for this fit", "replicates"]);
    assert.deepEqual(beside(worse(0.3), a), ["not supported", "contradicts the paper"]);
    assert.deepEqual(beside(a, worse(0.3, 1)), ["no difference", "no difference"]);
    assert.equal(judge(a, worse(0.3)).claim.published, undefined);
  });

  it("takes a tie as shown only where the whole interval lies within the margin", () => {
    const tie = (higher: ObservedScores, tieWithin: number) => verdictOf(judge(a, higher, { tieWithin }));
    assert.equal(tie(worse(0.01), 0.05), "supported for this fit: equal within 0.05 nats");
    // A difference beyond its error, however it came to be expected to be none.
    assert.equal(tie(worse(0.3), 0.05), "not supported: they differ beyond the error");
    // Too unsure to tell: a failure to reject is no proof.
    assert.match(tie(worse(3, 1), 0.05), /^undecided/);
    assert.match(tie(worse(0.04, 50), 0.02), /^(undecided|not supported)/);
  });

  it("sees an order where the error of a difference of perplexities is as large as the difference", () => {
    const heavy = { ...worse(3) };
    // One person of whom the model expected nothing of what happened.
    heavy.person.forEach((person, n) => {
      if (person === 7) heavy.observedLogProbability[n] -= 80;
    });
    const row = judge(a, heavy);
    assert.ok(row.perplexity!.difference < 1.96 * row.perplexity!.standardError);
    assert.equal(row.side, "above");
  });

  it("judges a claim on the person-years that it is about", () => {
    // Every other person-year is a move, and worse by 0.4 nats there alone.
    const previous = a.observed.map((title, n) => (n % 2 === 0 ? title : (title + 1) % a.titles.size));
    const both = { ...a, previous };
    const less = (logP: number, n: number) => (transitionKind(both, n) === "move" ? logP - 0.4 : logP);
    const moves = { ...both, observedLogProbability: a.observedLogProbability.map(less) };
    const models = { survey: "s", scores: { A: both, B: moves } };
    const claims = (["move", "stay"] as const).map((kind) => ({ ...claim, kind }));
    const [moving, staying] = judgeOrders(models, claims, { replications: 200 });
    assert.ok(Math.abs(moving.value - 0.4) < 1e-6);
    assert.equal(moving.side, "above");
    assert.deepEqual([staying.value, staying.outcome], [0, "no difference"]);
  });
});
