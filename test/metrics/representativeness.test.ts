import { strict as assert } from "node:assert";
import {
  type MeasureId,
  only,
  type RepresentativenessOptions,
  representativeness,
} from "labor-llm/dist/metrics";
import { transitionShares } from "labor-llm/dist/metrics/representativeness";
import type { TitleDistribution } from "labor-llm/dist/predictions";
import { Random } from "labor-llm/dist/random";
import { numberedTitles } from "../support/careers";
import { distributionOf } from "./distributions";
import { numberOf } from "./measured";

const law = [
  [0.7, 0.2, 0.1],
  [0.1, 0.8, 0.1],
  [0.3, 0.3, 0.4],
];
const believed = [
  [0.5, 0.3, 0.2],
  [0.1, 0.8, 0.1],
  [0.3, 0.3, 0.4],
];

/** Careers of six years under the law, and what a transition table says of them. */
function predicted(persons: number, seed: number, table: number[][]): TitleDistribution {
  const random = new Random("representative", seed);
  const [person, observed, previous, logProbability]: number[][] = [[], [], [], []];
  for (let i = 0; i < persons; i++) {
    let state = -1;
    for (let t = 0; t < 6; t++) {
      const row = state < 0 ? [1 / 3, 1 / 3, 1 / 3] : law[state];
      person.push(i);
      previous.push(state);
      logProbability.push(...(state < 0 ? row : table[state]).map(Math.log));
      state = random.weighted(row);
      observed.push(state);
    }
  }
  return distributionOf({ titles: 3, person, observed, previous, logProbability });
}

describe("representativeness", () => {
  it("is the total variation distance between actual and predicted shares of transitions", () => {
    const d = distributionOf({
      titles: 2,
      person: [0, 0, 0, 1, 1],
      observed: [0, 0, 1, 1, 1],
      previous: [-1, 0, 0, -1, 1],
      logProbability: [0.5, 0.5, 0.6, 0.2, 0.3, 0.1, 0.1, 0.7, 0.25, 0.5].map(Math.log),
      validMass: [1, 0.8, 0.4, 0.8, 0.75],
    });
    const { actual, predicted: said, personYears } = transitionShares(d);
    assert.equal(personYears, 3);
    assert.deepEqual(actual, [
      [1 / 3, 1 / 3],
      [0, 1 / 3],
    ]);
    // Over valid titles: (0.75 + 0.75) / 3 and so on.
    const expected = [0.5, 0.5 / 3, 1 / 9, 2 / 9];
    said.flat().forEach((share, i) => {
      assert.ok(Math.abs(share - expected[i]) < 1e-7);
    });
    const distance = (Math.abs(1 / 3 - 0.5) * 2 + 2 / 9) / 2;
    const few = { replications: 2, draws: 2 };
    const measured = (options: RepresentativenessOptions) =>
      numberOf(representativeness("survey", { d }, options), { measure: "transition distance" });
    assert.ok(Math.abs(measured(few) - distance) < 1e-7);
    // One group of titles is always represented.
    assert.ok(measured({ ...few, group: () => "all" }) < 1e-7);
  });

  it("is near its chance level for the truth and above it for another table, by the distance of the tables", () => {
    const models = { truth: predicted(2000, 1, law), other: predicted(2000, 1, believed) };
    const found = representativeness("survey", models, { replications: 300, draws: 300 });
    const of = (model: string, measure: MeasureId) => only(found, { model, measure });
    const value = (model: string, measure: MeasureId) => of(model, measure).estimate.value;
    const byChance = value("truth", "transition distance by chance");
    assert.ok(Math.abs(value("truth", "transition distance") / byChance - 1) < 0.5);
    const beyond = of("truth", "transition distance beyond chance");
    assert.ok(beyond.p! > 0.01);
    assert.equal(beyond.estimate.value, value("truth", "transition distance") - byChance);
    assert.ok(of("other", "transition distance beyond chance").p! < 0.01);
    const shares = transitionShares(models.truth).actual.map((row) => row.reduce((a, b) => a + b, 0));
    // A fifth of what leaves title 0 is misplaced.
    const distance = of("other", "transition distance").estimate;
    assert.ok(Math.abs(distance.value - 0.2 * shares[0]) < 3 * distance.standardError + byChance);
    const { estimate, against } = of("other", "transition distance difference");
    assert.ok(estimate.interval[0] > 0 && against === "truth");
    const apart = distance.value - value("truth", "transition distance");
    assert.ok(Math.abs(estimate.value - apart) < 1e-12);
    const rows = Int32Array.from(models.truth.observed.keys()).filter((n) => models.truth.previous[n] !== 0);
    // Where only the common rows of the tables are asked for, the models are one.
    const same = representativeness("survey", models, { rows, replications: 50, draws: 50 });
    const none = numberOf(same, { model: "other", measure: "transition distance difference" });
    assert.ok(Math.abs(none) < 1e-7);
  });

  it("rejects the truth in few samples of a hundred, though the distance is never zero", () => {
    let rejected = 0;
    for (let seed = 0; seed < 100; seed++) {
      const models = { m: predicted(40, seed, law) };
      const found = representativeness("survey", models, { replications: 2, draws: 99, seed });
      assert.ok(numberOf(found, { measure: "transition distance" }) > 0);
      if (only(found, { measure: "transition distance beyond chance" }).p! <= 0.05) rejected++;
    }
    // Five expected; the standard error is 2.2.
    assert.ok(rejected <= 12 && rejected > 0, `rejected ${rejected}`);
  });

  it("refuses careers of one year", () => {
    const d = distributionOf({
      titles: 2,
      person: [0],
      observed: [0],
      previous: [-1],
      logProbability: [-1, -1],
    });
    assert.throws(() => representativeness("survey", { d }), /no person-year has one before/);
    assert.equal(numberedTitles(2).size, transitionShares(d).groups.length);
  });
});
