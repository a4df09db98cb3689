import { strict as assert } from "node:assert";
import { Random } from "labor-llm";

describe("Random", () => {
  it("gives the same stream for the same key and another for another", () => {
    const draw = (...key: (string | number)[]) =>
      Array.from({ length: 5 }, () => new Random(...key).uniform());
    assert.deepEqual(draw("a", 1), draw("a", 1));
    assert.notDeepEqual(draw("a", 1), draw("a", 2));
  });

  it("refuses a number that JavaScript cannot tell from others", () => {
    for (const seed of [2 ** 53, -(2 ** 53), 1e300, Infinity, Number.NaN]) {
      assert.throws(() => new Random("a", seed), {
        name: "UserError",
        message: /is no seed\. Give a whole number from 0 to 9007199254740991\.$/,
      });
    }
  });

  it("permutes without loss and draws standard normals", () => {
    const random = new Random("permutation");
    assert.deepEqual(
      [...random.permutation(50)].sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, i) => i),
    );
    const draws = Array.from({ length: 20_000 }, () => random.normal());
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.05);
  });
});
