import { strict as assert } from "node:assert";
import { compareMethods, type NamedExperiment, only, where, withRows } from "labor-llm";
import type { Comparison } from "labor-llm/dist/experiments/compare-methods";
import { profileNamed } from "labor-llm/dist/experiments/profile/profile";
import { ownRuns } from "../support/own-runs";

describe("Rows that a reader tries beside those of a study", () => {
  ownRuns();
  const profile = { ...profileNamed("quick"), replications: 30 };
  const { replications, seed } = profile;
  const options = { replications, seed, kinds: ["all"] as const, reference: "Shares" };
  const row = (label: string, own: Partial<NamedExperiment["experiment"]> = {}): NamedExperiment => ({
    label,
    experiment: {
      ...{ survey: "nlsy-young-men", method: "markov", seed },
      ...{ persons: { train: 30, validation: 5, test: 10 }, ...own },
    },
  });
  const rows = [row("Markov"), row("Shares", { method: "empirical" })];
  const added = [
    row("Few", { persons: { train: 10, validation: 5, test: 6 } }),
    row("Given education", { settings: { given: ["education"] } }),
  ];
  let above: Comparison;

  before(async () => {
    above = await compareMethods(rows, options);
  });

  it("have the numbers of one comparison of all", async () => {
    const found = await withRows(profile, above, added, "Shares");
    assert.deepEqual(found.measurements, (await compareMethods([...rows, ...added], options)).measurements);
    const persons = where(found.measurements, { measure: "perplexity" }).map((one) => one.persons);
    assert.deepEqual(persons, [10, 10, 6, 10]);
    assert.match(found.caption, /nlsy-young-men \(30 persons to train, 10 to test\)/);
    assert.deepEqual(Object.keys(above.scores), ["Markov", "Shares"]);
  });

  it("do not have those above run again", async () => {
    const { Shares } = above.scores;
    const other = { ...above, scores: { Markov: Shares, Shares }, distributions: {} };
    const { measurements } = await withRows(profile, other, added, "Shares");
    const [difference] = where(measurements, { model: "Markov", measure: "log-loss difference" });
    assert.equal(difference.estimate.value, 0);
    const perplexity = only(measurements, { model: "Given education", measure: "perplexity" });
    assert.ok(perplexity.estimate.value > 1);
  });

  it("stay in the table with the reason where they cannot be run", async () => {
    const found = await withRows(profile, above, [row("Large", { tooCostly: "too costly" })], "Shares");
    assert.deepEqual(found.skipped, [{ survey: "nlsy-young-men", model: "Large", reason: "too costly" }]);
    assert.deepEqual(found.measurements, above.measurements);
  });

  it("are refused under the name of another, and on another survey, seed, years or step", async () => {
    const refused = (one: NamedExperiment, message: RegExp) =>
      assert.rejects(withRows(profile, above, [one], "Shares"), { name: "UserError", message });
    await refused(row("Markov"), /there is a row "Markov" already. Give the new one a name of its own/);
    await refused(row("Other", { survey: "synthetic-psid" }), /Other: its survey is not the first row's/);
    await refused(row("Other", { seed: 2 }), /its seed /);
    await refused(row("Other", { years: { train: { to: 1970 } } }), /its years /);
    await refused(row("Other", { step: 2 }), /its step /);
  });
});
