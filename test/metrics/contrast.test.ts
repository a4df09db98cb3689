import { strict as assert } from "node:assert";
import { coInformation, surprisalContrast } from "labor-llm/dist/metrics/contrast";
import { type ObservedScores, observedScores } from "labor-llm/dist/predictions";
import { distributionOf } from "./distributions";

/** A person-year each of four persons, in which title 1 of 2 was given this probability and happened. */
const sure = (...probability: number[]) =>
  observedScores(
    distributionOf({
      titles: 2,
      person: probability.map((_, i) => i),
      observed: probability.map(() => 1),
      previous: probability.map(() => -1),
      logProbability: probability.flatMap((p) => [Math.log(1 - p), Math.log(p)]),
    }),
  );

/** By the predictions of models that know all, all but one, and none. */
const estimate = (told: ObservedScores, withoutEach: ObservedScores[], withoutAll: ObservedScores) =>
  surprisalContrast(
    coInformation(told, withoutEach, withoutAll).map(({ times, of }) => ({ times, scores: of })),
  );

describe("Co-information", () => {
  const half = sure(0.5, 0.5, 0.5, 0.5);
  const certain = sure(1, 1, 1, 1);

  it("of an exclusive or is -ln 2: neither says anything without the other", () => {
    const { value } = estimate(certain, [half, half], half);
    assert.ok(Math.abs(value + Math.LN2) < 1e-6, `${value}`);
  });

  it("of two copies is ln 2: either says it all", () => {
    const { value } = estimate(certain, [certain, certain], half);
    assert.ok(Math.abs(value - Math.LN2) < 1e-6, `${value}`);
  });

  it("of independent ones is nothing", () => {
    const quarter = sure(0.25, 0.25, 0.25, 0.25);
    assert.ok(Math.abs(estimate(certain, [half, half], quarter).value) < 1e-6);
  });
});
