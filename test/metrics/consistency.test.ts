import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { consistency } from "labor-llm/dist/metrics";
import type { TitleDistribution } from "labor-llm/dist/models";
import { TitleSet } from "labor-llm/dist/occupations/title-set";

interface Reference {
  person: number[];
  observed: number[];
  previous: number[];
  direct: number[];
  composed: number[];
  expected: Record<string, number>;
}

const file = join(__dirname, "../../fixtures/consistency/reference.json");

describe("Consistency of direct and composed predictions", () => {
  const reference: Reference = JSON.parse(readFileSync(file, "utf8"));
  const { person, observed, previous, expected } = reference;
  const distribution = (logProbability: number[]): TitleDistribution => ({
    titles: new TitleSet(["a", "b", "c"]),
    logProbability: Float32Array.from(logProbability),
    validMass: new Float32Array(person.length).fill(1),
    observed: Int32Array.from(observed),
    person: Int32Array.from(person),
    year: new Int32Array(person.length),
    previous: Int32Array.from(previous),
  });
  const [direct, composed] = [distribution(reference.direct), distribution(reference.composed)];

  it("is numpy's correlations and distance, with errors clustered by person as in closed form", () => {
    const error = new Float32Array(reference.direct.length).fill(0.01);
    const found = consistency(direct, composed, error, { replications: 4000 });
    const close = (value: number, name: string, tolerance = 1e-6) =>
      assert.ok(Math.abs(value - expected[name]) < tolerance, `${name}: ${value}, not ${expected[name]}`);
    close(found.correlation.value, "correlation");
    close(found.correlationOfAll.value, "correlationOfAll");
    close(found.distance.value, "distance");
    close(found.difference.value, "difference");
    close(found.same.observed.value, "same");
    close(found.same.direct.value, "sameDirect");
    close(found.same.composed.value, "sameComposed");
    assert.ok(Math.abs(found.sameGap.direct.value - (expected.sameDirect - expected.same)) < 1e-6);
    // Bootstrap and linearisation agree to their own error, and to second order in 60 persons.
    for (const [estimate, name] of [
      [found.correlation, "correlationError"],
      [found.difference, "differenceError"],
    ] as const) {
      const ratio = estimate.standardError / expected[name];
      assert.ok(Math.abs(ratio - 1) < 0.12, `${name}: ratio ${ratio}`);
    }
    const { correlation } = found;
    assert.ok(correlation.interval[0] < correlation.value && correlation.value < correlation.interval[1]);
    const q = reference.composed.map(Math.exp);
    const squares = observed.reduce((sum, j, n) => sum + (0.01 / q[n * 3 + j]) ** 2, 0);
    assert.ok(Math.abs(found.monteCarloError - Math.sqrt(squares) / person.length) < 1e-6);
    assert.ok(Math.abs(found.monteCarloBias - squares / 2 / person.length) < 1e-6);
    // The mean of |normal| is its deviation times sqrt(2 / pi).
    assert.ok(Math.abs(found.distanceByChance - 1.5 * 0.01 * Math.sqrt(2 / Math.PI)) < 1e-6);
  });

  it("of a model with itself is complete", () => {
    const found = consistency(direct, direct, undefined, { replications: 50 });
    assert.ok(Math.abs(found.correlation.value - 1) < 1e-12);
    assert.ok(Math.abs(found.correlation.interval[0] - 1) < 1e-9);
    assert.equal(found.difference.value, 0);
    assert.equal(found.distance.value, 0);
    assert.equal(found.monteCarloError, 0);
  });
});
