import { strict as assert } from "node:assert";
import { type Measurement, measurementRows } from "labor-llm";

const of = (model: string, own: Partial<Measurement>): Measurement => ({
  ...{ survey: "a", model, on: { transition: "all" }, measure: "perplexity", persons: 3, personYears: 9 },
  estimate: { value: 2, standardError: 0.5, interval: [1, 3] },
  ...own,
});

describe("A table of measurements", () => {
  it("has a row for each model and slice, and columns of what tells slices apart alone", () => {
    const rows = measurementRows(
      [
        of("x", { on: { transition: "all", after: 0 } }),
        of("x", { on: { transition: "all", after: 5 }, measure: "log-loss difference", against: "y" }),
      ],
      { measures: ["perplexity", "log-loss difference"] },
    );
    assert.equal(rows.length, 2);
    assert.deepEqual(
      rows.map((row) => row["observations before, at least"]),
      [0, 5],
    );
    assert.ok(!("years apart" in rows[0]) && !("person-years of kind" in rows[0]));
    assert.deepEqual(
      rows.map((row) => row["standard error, perplexity"]),
      [0.5, undefined],
    );
  });

  it("says in columns what a model's name stands for, of rows that could not be made too", () => {
    const called = ({ model }: { model: string }) => ({ model: model[0], history: model[1] });
    const rows = measurementRows([of("x1", {})], {
      ...{ called, measures: ["perplexity"] },
      skipped: [{ survey: "a", model: "y2", reason: "too costly" }],
    });
    assert.deepEqual(
      rows.map(({ survey, model, history, note }) => [survey, model, history, note]),
      [
        ["a", "x", "1", ""],
        ["a", "y", "2", "not run: too costly"],
      ],
    );
    assert.deepEqual(Object.keys(rows[0]).slice(0, 3), ["survey", "model", "history"]);
  });
});
