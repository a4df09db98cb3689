import { strict as assert } from "node:assert";
import { compareMethods, type Experiment, splitOf, trainedOnLast } from "labor-llm";
import { fitFolder } from "labor-llm/dist/experiments/experiment";
import { compareDistributions } from "labor-llm/dist/studies/audit-rerun";
import { ownRuns } from "../support/own-runs";

describe("Training on the last observations", () => {
  ownRuns();
  const experiment = (method: string, change: Partial<Experiment> = {}): Experiment => ({
    ...{ survey: "nlsy-young-men", method, persons: { train: 60, validation: 20, test: 15 }, seed: 1 },
    ...change,
  });

  it("changes no answer of a Markov table that looks no further back, and those of one that does", async () => {
    const second = experiment("markov", { settings: { order: 2 } });
    const { distributions, failures, split } = await compareMethods(
      [
        { label: "first", experiment: experiment("markov") },
        { label: "first, 1", experiment: trainedOnLast(experiment("markov"), 1) },
        { label: "second", experiment: second },
        { label: "second, 1", experiment: trainedOnLast(second, 1) },
        { label: "second, 2", experiment: trainedOnLast(second, 2) },
      ],
      { replications: 20 },
    );
    assert.deepEqual(failures, {});
    // The split that tables and captions count is that of the whole careers.
    assert.equal(split.train.careers.length, 60);
    const apart = (a: string, b: string) => compareDistributions(distributions[a], distributions[b]).largest;
    assert.equal(apart("first", "first, 1"), 0);
    assert.equal(apart("second", "second, 2"), 0);
    assert.ok(apart("second", "second, 1") > 0.01);
  });

  it("is a fit of its own, in as many steps a pass, and shows the test persons' last observations alone", async () => {
    const bag = experiment("bag-of-jobs", {
      settings: { width: 8, training: { epochs: 1, batch: { texts: 10 } } },
    });
    const short = trainedOnLast(bag, 2);
    assert.deepEqual([short.history, short.conditioning], [2, { history: 2 }]);
    const [whole, parts] = [splitOf(bag), splitOf(short)];
    assert.deepEqual(parts.test, whole.test);
    const { batch } = (short.settings as { training: { batch: { texts: number } } }).training;
    const steps = (careers: readonly unknown[], texts: number) => Math.ceil(careers.length / texts);
    assert.equal(steps(parts.train.careers, batch.texts), steps(whole.train.careers, 10));
    assert.notEqual(await fitFolder(short, parts), await fitFolder({ ...short, history: undefined }, whole));
    const tokens = trainedOnLast({ ...bag, settings: { training: { batch: { tokens: 100 } } } }, 1);
    const more = (tokens.settings as { training: { batch: { tokens: number } } }).training.batch.tokens;
    assert.ok(more > 150 && more < 200, `${more}`); // two observations a part, but for the first of a person
    const { failures, outcomes } = await compareMethods(
      [
        { label: "short", experiment: short },
        { label: "logit", experiment: experiment("multinomial-logit", { history: 2 }) },
      ],
      { replications: 20 },
    );
    assert.equal(outcomes.short.scores.observed.length, 15 * 8);
    assert.match(failures.logit, /multinomial-logit cannot be trained on short histories/);
  });
});
