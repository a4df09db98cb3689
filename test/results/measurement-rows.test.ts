import { strict as assert } from "node:assert";
import { dosesFigure, flatMeasurements, type Measurement, measurementRows } from "labor-llm";

describe("Measurements", () => {
  const one = (model: string, value: number, more: Partial<Measurement> = {}): Measurement => ({
    ...{ survey: "survey", model, on: { transition: "all" }, measure: "perplexity" },
    estimate: { value, standardError: 0.1, interval: [value - 0.2, value + 0.2] },
    ...{ persons: 3, personYears: 9 },
    ...more,
  });
  const asked = [one("A, 10 %", 4), one("A, 100 %", 3)];

  it("are rows by their own name and columns, measured elsewhere beside, and what could not be run keeps its row", () => {
    const validation = [one("A, 100 %", 2, { persons: 1 }), one("A, 10 %", 5, { persons: 1 })];
    const rows = measurementRows(asked, {
      measures: ["perplexity"],
      beside: { of: "validation", measurements: validation, measures: ["perplexity"] },
      called: ({ model }) => ({ method: model.split(", ")[0], share: model.split(", ")[1] }),
      skipped: [{ survey: "survey", model: "B, 10 %", reason: "takes a week" }],
    });
    const row = (share: string, value: number, beside: number) => ({
      ...{ survey: "survey", method: "A", share, persons: 3, "person-years": 9 },
      ...{ perplexity: value, "standard error": 0.1 },
      ...{ "validation perplexity": beside, "standard error, validation perplexity": 0.1, note: "" },
    });
    assert.deepEqual(rows, [
      row("10 %", 4, 5),
      row("100 %", 3, 2),
      { survey: "survey", method: "B", share: "10 %", note: "not run: takes a week" },
    ]);
  });

  it("of other persons in one table have a column that says whose", () => {
    const rows = measurementRows(
      [...asked, one("A, 10 %", 5, { on: { transition: "all", predicts: "validation" } })],
      {
        measures: ["perplexity"],
      },
    );
    assert.deepEqual(
      rows.map((row) => [row.model, row["persons of"], row.perplexity]),
      [
        ["A, 10 %", "test", 4],
        ["A, 100 %", "test", 3],
        ["A, 10 %", "validation", 5],
      ],
    );
  });

  it("are points of a figure's lines, without those that could not be measured", () => {
    const { data } = dosesFigure(asked, {
      title: "Perplexity by share",
      dose: "Share, per cent",
      lines: [
        {
          name: "A",
          points: [
            { dose: 10, model: "A, 10 %" },
            { dose: 30, model: "A, 30 %" },
            { dose: 100, model: "A, 100 %" },
          ],
        },
        { name: "B", points: [{ dose: 10, model: "B, 10 %" }] },
      ],
    });
    assert.deepEqual(
      data.map(({ name, customdata, y }) => ({ name, customdata, y })),
      [{ name: "A", customdata: [10, 100], y: [4, 3] }],
    );
  });
});

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

describe("Measurements as flat rows", () => {
  it("are filtered, grouped and pivoted by arquero", async () => {
    const aq = await import("arquero");
    const kinds = ["all", "move"] as const;
    const measured = ["x", "y"].flatMap((model, i) =>
      kinds.map((transition, k) =>
        of(model, {
          on: { transition },
          estimate: { value: 10 * i + k, standardError: 0.5, interval: [0, 20] },
        }),
      ),
    );
    const table = aq
      .from(flatMeasurements([...measured, of("x", { measure: "valid mass" })]))
      .filter((row: { measure: string }) => row.measure === "perplexity")
      .groupby("model")
      .pivot("transition", "value");
    assert.deepEqual(table.objects(), [
      { model: "x", all: 0, move: 1 },
      { model: "y", all: 10, move: 11 },
    ]);
  });
});
