import { strict as assert } from "node:assert";
import { judgeOrder, judgeOrders } from "labor-llm/dist/experiments/claims";
import { published } from "labor-llm/dist/experiments/published";
import { comparePerplexity } from "labor-llm/dist/metrics";
import { transitionKind } from "labor-llm/dist/metrics/rows";
import type { TitleDistribution } from "labor-llm/dist/models";
import { dependentModels } from "../metrics/distributions";

const { a } = dependentModels(60, 5);

/** The same model, less sure of what happened by so many nats, in so many of a hundred person-years. */
function worse(nats: number, inHundred = 100): TitleDistribution {
  const logProbability = a.logProbability.slice();
  a.observed.forEach((title, n) => {
    if (n % 100 < inHundred) logProbability[n * a.titles.size + title] -= nats;
  });
  return { ...a, logProbability };
}

const claim = { claim: "A is below B", lower: "A", higher: "B" };
const judge = (lower: TitleDistribution, higher: TitleDistribution) =>
  judgeOrder(claim, comparePerplexity({ A: lower, B: higher }, { replications: 400 }));

describe("judgeOrder", () => {
  it("tells an order from its reverse and from none", () => {
    assert.equal(judge(a, worse(0.3)).verdict, "holds, beyond its error");
    assert.equal(judge(worse(0.3), a).verdict, "does not hold: the order is reversed");
    assert.equal(judge(a, worse(0.3, 1)).verdict, "no difference beyond its error");
    assert.ok(Math.abs(judge(a, worse(0.3))["ours, nats"] - 0.3) < 1e-6);
  });

  it("says that an order replicates only where it was published", () => {
    const { fineTuned7B: lower, career: higher } = published.perplexity;
    const beside = (one: TitleDistribution, other: TitleDistribution) =>
      judgeOrder(
        { ...claim, published: { lower, higher } },
        comparePerplexity({ A: one, B: other }, { replications: 400 }),
      ).verdict;
    assert.equal(beside(a, worse(0.3)), "replicates in sign");
    assert.equal(beside(worse(0.3), a), "does not replicate: the order is reversed");
    assert.equal(beside(a, worse(0.3, 1)), "no difference beyond its error");
  });

  it("takes a tie as shown only where the whole interval lies within the margin", () => {
    const tie = (higher: TitleDistribution, tieWithin: number) =>
      judgeOrder({ ...claim, tieWithin }, comparePerplexity({ A: a, B: higher }, { replications: 400 }))
        .verdict;
    assert.equal(tie(worse(0.01), 0.05), "holds: equal within 0.05 nats");
    // A difference beyond its error, however it came to be expected to be none.
    assert.equal(tie(worse(0.3), 0.05), "does not hold: they differ beyond the error");
    // Too unsure to tell: a failure to reject is no proof.
    assert.match(tie(worse(3, 1), 0.05), /^undecided/);
    assert.match(tie(worse(0.04, 50), 0.02), /^(undecided|does not hold)/);
  });

  it("sees an order where the error of a difference of perplexities is as large as the difference", () => {
    const heavy = { ...worse(3) };
    // One person of whom the model expected nothing of what happened.
    heavy.observed.forEach((title, n) => {
      if (heavy.person[n] === 7) heavy.logProbability[n * heavy.titles.size + title] -= 80;
    });
    const row = judge(a, heavy);
    assert.ok(row.ours < 1.96 * row["standard error"]);
    assert.equal(row.verdict, "holds, beyond its error");
  });

  it("judges a claim on the person-years that it is about", () => {
    // Every other person-year is a move, and worse by 0.4 nats there alone.
    const previous = a.observed.map((title, n) => (n % 2 === 0 ? title : (title + 1) % a.titles.size));
    const both = { ...a, previous };
    const moves = { ...both, logProbability: a.logProbability.slice() };
    a.observed.forEach((title, n) => {
      if (transitionKind(both, n) === "move") moves.logProbability[n * a.titles.size + title] -= 0.4;
    });
    const models = { survey: "s", distributions: { A: both, B: moves } };
    const claims = (["move", "stay"] as const).map((kind) => ({ ...claim, kind }));
    const [moving, staying] = judgeOrders(models, claims, { replications: 200 });
    assert.ok(Math.abs(moving["ours, nats"] - 0.4) < 1e-6);
    assert.equal(moving.verdict, "holds, beyond its error");
    assert.deepEqual([staying["ours, nats"], staying.verdict], [0, "no difference beyond its error"]);
  });
});
