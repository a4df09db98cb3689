import { strict as assert } from "node:assert";
import { chiSquaredQuantile } from "labor-llm/dist/metrics/chi-squared";

describe("Chi-squared's quantile", () => {
  it("is that of scipy.stats.chi2.ppf", () => {
    const known: [p: number, degrees: number, value: number][] = [
      [0.025, 1, 0.0009820691171752583],
      [0.975, 1, 5.023886187314888],
      [0.025, 3, 0.21579528262389788],
      [0.975, 3, 9.348403604496145],
      [0.5, 2, 1.3862943611198906],
      [0.025, 19, 8.906516481987971],
      [0.975, 200, 241.05789550631093],
    ];
    for (const [p, degrees, value] of known) {
      const ours = chiSquaredQuantile(p, degrees);
      assert.ok(Math.abs(ours / value - 1) < 1e-7, `${p}, ${degrees}: ${ours}, not ${value}`);
    }
  });
});
