import { strict as assert } from "node:assert";
import { type Measurement, withAdjustedP } from "labor-llm/dist/metrics";
import { forestFigure, judgeMeasurement, measurementRows } from "labor-llm/dist/results";

const gap = (is: string | undefined, value: number, p: number): Measurement => ({
  ...{ survey: "S", model: "M", measure: "log-loss gap", persons: 10, personYears: 30, p },
  on: { transition: "all", ...(is === undefined ? {} : { group: { of: "gender", is } }) },
  estimate: { value, standardError: 0.1, interval: [value - 0.2, value + 0.2] },
});

describe("Measurements in groups", () => {
  const tested = withAdjustedP([gap("female", 0.3, 0.01), gap("male", 0.2, 0.04)], "groups");
  const heading = "mean -ln P of the group less that of all others, nats";

  it("have p-values that are adjusted for the number of groups, by which they are judged", () => {
    assert.deepEqual(
      tested.map(({ among }) => among),
      [0.02, 0.04].map((p) => ({ p, of: 2, what: "groups" })),
    );
    const claim = { says: "c", expects: { is: "above", bound: 0 } } as const;
    const { p, among, side } = judgeMeasurement(claim, tested[0]);
    assert.deepEqual([p, among, side], [0.02, { of: 2, what: "groups" }, "above"]);
  });

  it("stand in tables with group, interval and adjusted p; those that are of no group are everyone's", () => {
    const all = [gap(undefined, 0, 0.5), ...tested];
    const rows = measurementRows(all, { measures: ["log-loss gap"], intervals: ["log-loss gap"] });
    const shared = { survey: "S", model: "M" };
    const sizes = { persons: 10, "person-years": 30 };
    assert.deepEqual(rows.slice(0, 2), [
      {
        ...{ ...shared, by: "all", group: "everyone", ...sizes, [heading]: 0, "standard error": 0.1 },
        ...{ low: -0.2, high: 0.2, "adjusted p": 0.5 },
      },
      {
        ...{ ...shared, by: "gender", group: "female", ...sizes, [heading]: 0.3, "standard error": 0.1 },
        ...{ low: 0.3 - 0.2, high: 0.5, "adjusted p": 0.02 },
      },
    ]);
    // Unadjusted, it is called so.
    const [plain] = measurementRows(all.slice(0, 1), { measures: ["log-loss gap"] });
    assert.equal(plain.p, 0.5);
  });

  it("are drawn under the measure's own title", () => {
    const text = JSON.stringify(forestFigure(tested, { title: "t" }));
    assert.ok(text.includes("Mean -ln P of the group less that of all others, nats (lower is better)"));
    assert.throws(() => forestFigure([], { title: "t" }), { name: "UserError" });
  });
});
