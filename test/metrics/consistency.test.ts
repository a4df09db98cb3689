import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { type MeasureId, measureConsistency, only } from "labor-llm/dist/metrics";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import type { TitleDistribution } from "labor-llm/dist/predictions";
import { fixture } from "../support/paths";

interface Reference {
  person: number[];
  observed: number[];
  previous: number[];
  direct: number[];
  composed: number[];
  expected: Record<string, number>;
}

const of = { survey: "s", model: "m", on: { transition: "all", ahead: 2 } } as const;
const file = fixture("consistency/reference.json");

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
    const found = measureConsistency(of, direct, composed, error, { replications: 4000 });
    const estimate = (measure: MeasureId) => only(found, { measure }).estimate;
    const close = (measure: MeasureId, name: string, tolerance = 1e-6) => {
      const { value } = estimate(measure);
      assert.ok(Math.abs(value - expected[name]) < tolerance, `${name}: ${value}, not ${expected[name]}`);
    };
    close("correlation as sampled", "correlation");
    close("correlation over titles", "correlationOfAll");
    close("distance", "distance");
    close("ln P, direct less composed", "difference");
    close("same title, observed", "same");
    close("same title, direct", "sameDirect");
    close("same title, composed", "sameComposed");
    const gap = estimate("share difference").value;
    assert.ok(Math.abs(gap - (expected.sameDirect - expected.same)) < 1e-6);
    // Bootstrap and linearisation agree to their own error, and to second order in 60 persons.
    for (const [measure, name] of [
      ["correlation as sampled", "correlationError"],
      ["ln P, direct less composed", "differenceError"],
    ] as const) {
      const ratio = estimate(measure).standardError / expected[name];
      assert.ok(Math.abs(ratio - 1) < 0.12, `${name}: ratio ${ratio}`);
    }
    const correlation = estimate("correlation as sampled");
    assert.ok(correlation.interval[0] < correlation.value && correlation.value < correlation.interval[1]);
    const q = reference.composed.map(Math.exp);
    const squares = observed.reduce((sum, j, n) => sum + (0.01 / q[n * 3 + j]) ** 2, 0);
    assert.ok(Math.abs(estimate("Monte Carlo error").value - Math.sqrt(squares) / person.length) < 1e-6);
    assert.ok(Math.abs(estimate("Monte Carlo bias").value - squares / 2 / person.length) < 1e-6);
    // The mean of |normal| is its deviation times sqrt(2 / pi).
    assert.ok(Math.abs(estimate("distance by chance").value - 1.5 * 0.01 * Math.sqrt(2 / Math.PI)) < 1e-6);
  });

  it("of a model with itself is complete", () => {
    const found = measureConsistency(of, direct, direct, undefined, { replications: 50 });
    const estimate = (measure: MeasureId) => only(found, { measure }).estimate;
    assert.ok(Math.abs(estimate("correlation as sampled").value - 1) < 1e-12);
    assert.ok(Math.abs(estimate("correlation as sampled").interval[0] - 1) < 1e-9);
    for (const measure of ["ln P, direct less composed", "distance", "Monte Carlo error"] as const)
      assert.equal(estimate(measure).value, 0);
  });
});
