import { strict as assert } from "node:assert";
import { dosesFigure, type Measurement, measurementRows } from "labor-llm";

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
