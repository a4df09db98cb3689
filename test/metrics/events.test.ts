import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import {
  auc,
  benjaminiHochberg,
  compareEvents,
  type EventForecast,
  eventForecast,
  joblessEvent,
  type MeasureId,
  moveEvent,
  only,
  reliabilityBins,
  rocCurve,
  titleEvents,
} from "labor-llm/dist/metrics";
import { bootstrapByPerson } from "labor-llm/dist/metrics/bootstrap";
import { brierDecomposition } from "labor-llm/dist/metrics/brier";
import { expectedCalibrationError, meanTest, spiegelhalterTest } from "labor-llm/dist/metrics/calibration";
import { deLong, deLongDifference } from "labor-llm/dist/metrics/delong";
import { twoSided } from "labor-llm/dist/metrics/normal";
import { binsOf, wilson } from "labor-llm/dist/metrics/reliability";
import { weightedAuc } from "labor-llm/dist/metrics/roc";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import type { TitleDistribution } from "labor-llm/dist/predictions";
import { Random } from "labor-llm/dist/random";
import { fixture } from "../support/paths";

type Model = "a" | "b";
interface Weighted {
  auc: number;
  roc: { threshold: number[]; fpr: number[]; tpr: number[] };
  brier: number;
}
interface Expected {
  auc: number;
  roc: { threshold: number[]; fpr: number[]; tpr: number[] };
  errorByRow: number;
  errorByPerson: number;
  bins: { count: number[]; mean: number[]; frequency: number[] };
  calibrationError: number;
  brier: number;
  reliability: number;
  resolution: number;
  uncertainty: number;
}
const reference = JSON.parse(readFileSync(fixture("metrics/events.json"), "utf8")) as {
  person: number[];
  happened: number[];
  bins: number;
  probability: Record<Model, number[]>;
  expected: Record<Model, Expected>;
  /** Survey weights, and what is expected of person-years so weighted. */
  weight: number[];
  weighted: Record<Model, Weighted>;
  difference: { value: number; errorByRow: number; errorByPerson: number };
  benjaminiHochberg: { p: number[]; adjusted: number[] };
  twoSided: [number, number][];
  wilson: [number, number, number, number][];
};

function forecastOf(
  probability: number[],
  happened: number[],
  person = happened.map((_, n) => n),
): EventForecast {
  return {
    event: "event",
    probability: Float64Array.from(probability),
    happened: Uint8Array.from(happened),
    person: Int32Array.from(person),
    row: Int32Array.from(probability.keys()),
  };
}

const { bins } = reference;
const forecasts = {
  a: forecastOf(reference.probability.a, reference.happened, reference.person),
  b: forecastOf(reference.probability.b, reference.happened, reference.person),
};

function near(actual: number, expected: number, tolerance = 1e-10): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, not ${expected}`);
}
function allNear(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((x, i) => {
    near(actual[i], x);
  });
}

describe("the forecast of an event", () => {
  const titles = new TitleSet(["Cooks", "Bakers", "Unemployed"]);
  /** Two persons of three and two years; a third of the mass is on no title. */
  const P = [
    [0.3, 0.2, 0.1],
    [0.1, 0.4, 0.1],
    [0.2, 0.1, 0.3],
    [0.6, 0, 0],
    [0.15, 0.15, 0.3],
  ];
  const distribution: TitleDistribution = {
    titles,
    logProbability: Float32Array.from(P.flat(), Math.log),
    validMass: new Float32Array(5).fill(0.6),
    observed: Int32Array.of(0, 1, 2, 0, 0),
    previous: Int32Array.of(-1, 0, 1, -1, 0),
    person: Int32Array.of(0, 0, 0, 1, 1),
    year: Int32Array.of(2000, 2001, 2002, 2000, 2001),
  };
  const within = (actual: ArrayLike<number>, expected: readonly number[]) =>
    expected.forEach((x, i) => {
      near(actual[i], x, 1e-6);
    });

  it("of a move leaves out first observations and is what is left of the title before", () => {
    const move = eventForecast(distribution, moveEvent);
    assert.deepEqual([...move.row], [1, 2, 4]);
    assert.deepEqual([...move.happened], [1, 1, 0]);
    within(move.probability, [1 - 0.1 / 0.6, 1 - 0.1 / 0.6, 1 - 0.15 / 0.6]);
    // As the paper has it, words that are no title are a move.
    within(eventForecast(distribution, moveEvent, { normalised: false }).probability, [0.9, 0.9, 0.85]);
  });

  it("of a state sums its titles, over the mass on titles, in all person-years or those asked for", () => {
    const [, unemployed] = titleEvents(titles);
    within(eventForecast(distribution, unemployed).probability, [1 / 6, 1 / 6, 0.5, 0, 0.5]);
    const food = { name: "food", titles: ["Cooks", "Bakers"] };
    const some = eventForecast(distribution, food, { rows: [1, 4] });
    within(some.probability, [5 / 6, 0.5]);
    assert.deepEqual([...some.row, ...some.person, ...some.happened], [1, 4, 0, 1, 1, 1]);
    assert.throws(() => eventForecast(distribution, { name: "x", titles: ["Lawyers"] }), {
      name: "UserError",
    });
  });

  it("is of the states that a survey tells apart", () => {
    const names = (...list: string[]) => titleEvents(new TitleSet(list)).map(({ name }) => name);
    assert.deepEqual(names("Cooks", "Unemployed", "Not in labor force", "In education"), [
      "move",
      "unemployed",
      "not in labor force",
    ]);
    assert.deepEqual(names("Cooks", "Not employed"), ["move", "not employed"]);
    assert.equal(joblessEvent(new TitleSet(["Cooks", "Not employed"]))?.name, "not employed");
    assert.equal(joblessEvent(new TitleSet(["Cooks"])), undefined);
  });
});

describe("the ROC curve and its area", () => {
  for (const model of ["a", "b"] as const) {
    it(`are scikit-learn's for model ${model}, ties and all`, () => {
      const { auc: area, roc } = reference.expected[model];
      const curve = rocCurve(forecasts[model]);
      near(auc(forecasts[model]), area);
      allNear(curve.falsePositiveRate, roc.fpr);
      allNear(curve.truePositiveRate, roc.tpr);
      allNear(curve.threshold.slice(1), roc.threshold);
    });
  }

  it("and the Brier score of weighted person-years are scikit-learn's, whatever the weights' unit", () => {
    for (const unit of [1, 1e-6]) {
      const weight = Float64Array.from(reference.weight, (w) => w * unit);
      for (const model of ["a", "b"] as const) {
        const { auc: area, roc, brier } = reference.weighted[model];
        const weighted = { ...forecasts[model], weight };
        const curve = rocCurve(weighted);
        near(auc(weighted), area);
        allNear(curve.falsePositiveRate, roc.fpr);
        allNear(curve.truePositiveRate, roc.tpr);
        allNear(curve.threshold.slice(1), roc.threshold);
        near(deLong(weighted).value, area);
        near(brierDecomposition(weighted, { bins }).brier, brier);
      }
    }
  });

  it("are 1 for a perfect order, 0 for its reverse, one half for one constant, unknown without a case", () => {
    const happened = [0, 0, 1, 1];
    assert.equal(auc(forecastOf([0.1, 0.2, 0.3, 0.4], happened)), 1);
    assert.equal(auc(forecastOf([0.4, 0.3, 0.2, 0.1], happened)), 0);
    assert.equal(auc(forecastOf([0.3, 0.3, 0.3, 0.3], happened)), 0.5);
    assert.ok(Number.isNaN(auc(forecastOf([0.1, 0.2], [0, 0]))));
  });

  it("of rows that count so often are those of rows that are repeated so often", () => {
    const random = new Random("times", 1);
    const { probability, happened } = forecasts.a;
    const times = Array.from(happened, () => random.integer(4));
    const repeated = times.flatMap((k, n) => new Array<number>(k).fill(n));
    const expected = auc({
      probability: Float64Array.from(repeated, (n) => probability[n]),
      happened: Uint8Array.from(repeated, (n) => happened[n]),
    });
    near(
      weightedAuc(forecasts.a)((n) => times[n]),
      expected,
    );
  });

  it("have the errors of statsmodels and of the matrix of pairs, by row and by person, also of a difference", () => {
    for (const model of ["a", "b"] as const) {
      const { auc: area, errorByRow, errorByPerson } = reference.expected[model];
      const byRow = deLong(forecasts[model], { independent: "row" });
      near(byRow.value, area);
      near(byRow.standardError, errorByRow);
      near(deLong(forecasts[model]).standardError, errorByPerson);
    }
    const { value, errorByRow, errorByPerson } = reference.difference;
    const difference = deLongDifference(forecasts.a, forecasts.b);
    near(difference.value, value);
    near(difference.standardError, errorByPerson);
    near(deLongDifference(forecasts.a, forecasts.b, { independent: "row" }).standardError, errorByRow);
  });

  it("have by bootstrap over persons the error of the closed form by person, which is larger than by row", () => {
    const area = weightedAuc(forecasts.b);
    const { person } = forecasts.b;
    const [{ standardError }] = bootstrapByPerson(60, (times) => [area((n) => times[person[n]])], {
      replications: 4000,
    });
    const byPerson = deLong(forecasts.b).standardError;
    assert.ok(Math.abs(standardError / byPerson - 1) < 0.08, `${standardError}, closed form ${byPerson}`);
    assert.ok(byPerson > 1.02 * deLong(forecasts.b, { independent: "row" }).standardError);
  });
});

describe("calibration", () => {
  for (const model of ["a", "b"] as const) {
    it(`has the bins, the error and the Brier score of scikit-learn for model ${model}`, () => {
      const expected = reference.expected[model];
      const found = reliabilityBins(forecasts[model], { bins });
      allNear(
        found.map(({ personYears }) => personYears),
        expected.bins.count,
      );
      allNear(
        found.map(({ probability }) => probability),
        expected.bins.mean,
      );
      allNear(
        found.map(({ frequency }) => frequency),
        expected.bins.frequency,
      );
      near(expectedCalibrationError(forecasts[model], { bins, draws: 10 }).value, expected.calibrationError);
      const terms = brierDecomposition(forecasts[model], { bins });
      for (const term of ["brier", "reliability", "resolution", "uncertainty"] as const) {
        near(terms[term], expected[term]);
      }
    });
  }

  it("splits the Brier score without a rest; where a bin holds one probability, into Murphy's three terms", () => {
    for (const [forecast, count] of [
      [forecasts.a, 3],
      [forecasts.b, 10],
      [forecastOf([0.1, 0.1, 0.7, 0.7, 0.7], [0, 1, 1, 0, 1]), 4],
    ] as const) {
      const { brier, reliability, resolution, uncertainty, withinBins } = brierDecomposition(forecast, {
        bins: count,
      });
      near(reliability - resolution + uncertainty + withinBins, brier);
      if (count === 4) near(withinBins, 0);
      else assert.ok(Math.abs(withinBins) > 1e-6);
    }
  });

  it("keeps equal probabilities in one bin and all bins of like size otherwise", () => {
    const random = new Random("bins", 2);
    const tied = Float64Array.from({ length: 200 }, () => random.integer(4) / 10);
    const bin = binsOf({ probability: tied }, { bins: 10 });
    const ofValue = new Map<number, number>();
    tied.forEach((p, n) => {
      assert.equal(ofValue.get(p) ?? bin[n], bin[n]);
      ofValue.set(p, bin[n]);
    });
    const distinct = binsOf(
      { probability: Float64Array.from({ length: 203 }, () => random.uniform()) },
      { bins: 10 },
    );
    for (let b = 0; b < 10; b++) assert.ok(Math.abs(distinct.filter((x) => x === b).length - 20.3) <= 1);
  });

  it("gives shares Wilson's interval, for the persons rather than the rows where rows repeat", () => {
    for (const [k, n, low, high] of reference.wilson) allNear(wilson(k / n, n), [low, high]);
    // Each of 20 persons says the same five times: as much as 20 rows.
    const happened = Array.from({ length: 100 }, (_, n) => Number(n % 20 < 6));
    const person = Array.from({ length: 100 }, (_, n) => n % 20);
    const [bin] = reliabilityBins(
      forecastOf(
        happened.map(() => 0.3),
        happened,
        person,
      ),
      { bins: 1 },
    );
    near(bin.effective, 20);
    allNear([bin.frequencyLow, bin.frequencyHigh], wilson(0.3, 20));
  });

  it("is within chance for true probabilities, also where a person's years depend on each other, and not for others", () => {
    let [rejected, spiegelhalter, mean] = [0, 0, 0];
    const samples = 200;
    for (let s = 0; s < samples; s++) {
      const { truth } = states(60, s);
      if (expectedCalibrationError(truth, { draws: 99, seed: s }).p <= 0.05) rejected++;
      if (spiegelhalterTest(truth).p <= 0.05) spiegelhalter++;
      if (meanTest(truth).p <= 0.05) mean++;
    }
    // Five in a hundred by chance; the standard error of the share is 0.015.
    for (const share of [rejected, spiegelhalter, mean])
      assert.ok(share / samples < 0.1, `rejected ${share}`);
    assert.ok(rejected > 0 && spiegelhalter > 0 && mean > 0);
    const { sure } = states(400, 1);
    assert.ok(expectedCalibrationError(sure).p < 0.01 && spiegelhalterTest(sure).p < 0.01);
  });
});

/** Years of persons who tend to stay as they are; the truth knows it, the other is too sure of it. */
function states(persons: number, seed: number) {
  const random = new Random("states", seed);
  const [probability, happened, person]: number[][] = [[], [], []];
  for (let i = 0; i < persons; i++) {
    let state = 0;
    for (let t = 0; t < 8; t++) {
      const p = (state ? 0.6 : 0.1) + 0.3 * random.uniform();
      state = Number(random.uniform() < p);
      probability.push(p);
      happened.push(state);
      person.push(i);
    }
  }
  const sure = probability.map((p) => p ** 3 / (p ** 3 + (1 - p) ** 3));
  return { truth: forecastOf(probability, happened, person), sure: forecastOf(sure, happened, person) };
}

describe("corrections and tails", () => {
  it("are those of statsmodels and scipy; what was not tested does not count", () => {
    const { p, adjusted } = reference.benjaminiHochberg;
    allNear(benjaminiHochberg(p), adjusted);
    const [missing, ...rest] = benjaminiHochberg([NaN, ...p]);
    assert.ok(Number.isNaN(missing));
    allNear(rest, adjusted);
    for (const [z, expected] of reference.twoSided) {
      assert.ok(Math.abs(twoSided(z) / expected - 1) < 1e-12 && twoSided(-z) === twoSided(z));
    }
  });
});

describe("models compared on an event", () => {
  /** Two titles, of which the second is the event. */
  const asDistribution = (probability: number[]): TitleDistribution => ({
    titles: new TitleSet(["Cooks", "Unemployed"]),
    logProbability: Float32Array.from(probability.flatMap((p) => [Math.log(1 - p), Math.log(p)])),
    validMass: new Float32Array(probability.length).fill(1),
    observed: Int32Array.from(reference.happened),
    previous: Int32Array.from(probability, () => -1),
    person: Int32Array.from(reference.person),
    year: Int32Array.from(probability, (_, n) => n),
  });
  const models = { a: asDistribution(reference.probability.a), b: asDistribution(reference.probability.b) };
  const event = { name: "unemployed", titles: ["Unemployed"] };

  it("have in each row what the single measures say, and paired differences to the reference", () => {
    const options = { reference: "b", bins, replications: 400 };
    const found = compareEvents("survey", models, event, options);
    const of = (model: string, measure: MeasureId) => only(found, { model, measure });
    const value = (model: string, measure: MeasureId) => of(model, measure).estimate.value;
    for (const model of ["a", "b"] as const) {
      const expected = reference.expected[model];
      near(value(model, "AUC"), expected.auc, 1e-3); // single precision unties
      near(value(model, "Brier score"), expected.brier, 1e-6);
      near(
        value(model, "reliability") -
          value(model, "resolution") +
          value(model, "uncertainty") +
          value(model, "within bins"),
        value(model, "Brier score"),
      );
      near(value(model, "Brier skill"), 1 - value(model, "Brier score") / value(model, "uncertainty"));
      assert.equal(
        value(model, "events"),
        reference.happened.reduce((x, y) => x + y),
      );
      const { standardError, interval } = of(model, "AUC").estimate;
      assert.ok(Math.abs(standardError / value(model, "DeLong error of AUC by person") - 1) < 0.15);
      assert.ok(interval[0] < value(model, "AUC") && value(model, "AUC") < interval[1]);
      const beyond = of(model, "calibration error beyond chance");
      near(
        beyond.estimate.value,
        value(model, "calibration error") - value(model, "calibration error by chance"),
      );
      assert.equal(beyond.p, expectedCalibrationError(eventForecast(models[model], event), { bins }).p);
      assert.equal(
        of(model, "Spiegelhalter's z").p,
        spiegelhalterTest(eventForecast(models[model], event)).p,
      );
    }
    const difference = of("a", "AUC difference");
    near(difference.estimate.value, value("a", "AUC") - value("b", "AUC"));
    assert.ok(Math.abs(difference.estimate.standardError / reference.difference.errorByPerson - 1) < 0.15);
    const itself = of("b", "AUC difference").estimate;
    assert.ok(itself.value === 0 && itself.standardError === 0);
    near(value("a", "Brier score difference"), value("a", "Brier score") - value("b", "Brier score"));
    for (const one of found) {
      assert.deepEqual(one.on, { transition: "all", event: "unemployed" });
      assert.equal(one.against, one.measure.endsWith("difference") ? "b" : undefined);
      assert.equal(one.personYears, reference.happened.length);
    }
  });

  it("are refused where there is nothing to compare", () => {
    assert.throws(() => compareEvents("survey", models, moveEvent), /no person-year could be "move"/);
    assert.throws(
      () => compareEvents("survey", models, event, { reference: "c" }),
      /"c" is not among the models/,
    );
    const { b } = models;
    const other = { ...b, observed: b.observed.map((y) => 1 - y) };
    assert.throws(
      () => compareEvents("survey", { ...models, b: other }, event),
      /not forecasts of the same person-years/,
    );
  });
});
