import { strict as assert } from "node:assert";
import { dosesFigure, forestFigure, type Measurement } from "labor-llm";
import type { Figure } from "labor-llm/dist/figures/style";

const of = (model: string, value: number, measure: Measurement["measure"] = "perplexity"): Measurement => ({
  ...{ survey: "a", model, on: { transition: "all" }, measure, persons: 7, personYears: 9 },
  estimate: { value, standardError: 1, interval: [value - 1, value + 2] },
});
const traces = ({ data }: Figure) => data as { name: string; x: number[]; y: number[] }[];
const axisOf = ({ layout }: Figure, name: "xaxis" | "yaxis") =>
  (layout as unknown as Record<string, { title: { text: string }; type?: string }>)[name];

describe("Figures of measurements", () => {
  it("put a measurement on every line that it belongs to, at its dose, and leave out those on none", () => {
    const figure = dosesFigure([of("none", 4), of("one", 5), of("other", 6)], {
      ...{ title: "t", dose: "examples", spacing: "even" },
      at: ({ model }) =>
        ({
          none: ["a", "b"].map((line) => ({ line, dose: 0 })),
          one: [{ line: "b", dose: 1 }],
          other: [],
        })[model]!,
    });
    assert.deepEqual(
      traces(figure).map(({ name, y }) => [name, y]),
      [
        ["a", [4]],
        ["b", [4, 5]],
      ],
    );
    assert.equal(axisOf(figure, "yaxis").title.text, "Perplexity per person-year (log scale)");
    assert.equal(axisOf(figure, "yaxis").type, "log");
  });

  it("draw the interval of the measurement under its group, and an axis by the measure's own scale", () => {
    const figure = forestFigure([of("x", 0.5, "log-loss contrast")], {
      ...{ title: "t", axis: "Mean of -ln P above one's own, nats" },
      at: ({ survey, model }) => ({ of: survey, group: "region", model }),
    });
    const [{ x }] = traces(figure);
    assert.deepEqual(x, [0.5]);
    assert.match(figure.layout.meta.description, /region \(7\): x 0\.50* \[-0\.50*, 2\.50*\]/);
    assert.equal(axisOf(figure, "xaxis").title.text, "Mean of -ln P above one's own, nats");
    assert.notEqual(axisOf(figure, "xaxis").type, "log");
  });
});
