import { strict as assert } from "node:assert";
import { studentQuantile, studentTwoSided } from "labor-llm/dist/metrics/student";

describe("studentQuantile", () => {
  it("is the quantile in closed form for one and two degrees of freedom", () => {
    for (const p of [0.6, 0.95, 0.975, 0.999]) {
      const [one, two] = [Math.tan(Math.PI * (p - 0.5)), (2 * p - 1) / Math.sqrt(2 * p * (1 - p))];
      assert.ok(Math.abs(studentQuantile(p, 1) / one - 1) < 1e-9, `1: ${p}`);
      assert.ok(Math.abs(studentQuantile(p, 2) / two - 1) < 1e-9, `2: ${p}`);
    }
  });

  it("is scipy.stats.t.ppf at 0.975 for others", () => {
    const known: [degrees: number, quantile: number][] = [
      [10, 2.2281388519649385],
      [31, 2.0395134463964077],
      [59, 2.000995378088259],
      [150, 1.9759053308966197],
    ];
    for (const [degrees, quantile] of known) {
      assert.ok(Math.abs(studentQuantile(0.975, degrees) / quantile - 1) < 1e-9, `${degrees}`);
    }
  });

  it("is where the two-sided tail is what is left", () => {
    for (const degrees of [1, 2.7, 10, 59, 1e4]) {
      for (const p of [0.6, 0.9, 0.975, 0.9999]) {
        const t = studentQuantile(p, degrees);
        for (const sign of [1, -1]) {
          assert.ok(
            Math.abs(studentTwoSided(sign * t, degrees) / (2 * (1 - p)) - 1) < 1e-7,
            `${degrees}, ${p}`,
          );
        }
      }
    }
    assert.equal(studentTwoSided(0, 5), 1);
    assert.ok(Math.abs(studentTwoSided(1.959963984540054, Infinity) - 0.05) < 1e-5);
  });

  it("falls with the degrees, whole or not, to the normal distribution's", () => {
    const degrees = [1, 1.5, 2, 2.7, 3, 10.5, 11, 1000, 1e5, Infinity];
    const quantiles = degrees.map((nu) => studentQuantile(0.975, nu));
    quantiles.forEach((quantile, i) => {
      assert.ok(i === 0 || quantile <= quantiles[i - 1], `${degrees[i]}`);
    });
    assert.ok(Math.abs(quantiles.at(-1)! / 1.959963984540054 - 1) < 2e-5);
  });
});
