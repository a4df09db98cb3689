import { strict as assert } from "node:assert";
import { responseByDose } from "labor-llm/dist/figures";

describe("A measure by dose", () => {
  it("is drawn from dose to dose, in whatever order its points come", () => {
    const point = (dose: number) => ({ dose, value: dose, low: dose - 1, high: dose + 1 });
    const options = { title: "t", dose: "d", measure: "m", scale: "linear", spacing: "even" } as const;
    const drawn = (doses: number[]) =>
      JSON.stringify(responseByDose([{ name: "a", points: doses.map(point) }], options));
    assert.equal(drawn([1, 20, 2, 5]), drawn([1, 2, 5, 20]));
  });
});
