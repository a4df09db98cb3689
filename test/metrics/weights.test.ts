import { strict as assert } from "node:assert";
import { fitEmpirical } from "labor-llm/dist/methods/markov/empirical";
import {
  compareEvents,
  compareSubgroups,
  type EventForecast,
  eventForecast,
  measurePerplexity,
  only,
  perplexity,
  personTotals,
  ROW_KINDS,
  reliabilityBins,
  representativeness,
  rocCurve,
  type Subgroup,
  surprisal,
} from "labor-llm/dist/metrics";
import { clusterRobustPerplexity } from "labor-llm/dist/metrics/cluster-robust";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { observedScores, type TitleDistribution } from "labor-llm/dist/predictions";
import { Random } from "labor-llm/dist/random";
import { dependentModels, distributionOf, scoresOf } from "./distributions";
import { flatRows } from "./measured";

/** The distribution with rows n repeated `times[n]` times, as another person-year of the same person. */
function repeated(d: TitleDistribution, times: ArrayLike<number>): TitleDistribution {
  const rows = Array.from(d.observed, (_, n) => n).flatMap((n) => new Array<number>(times[n]).fill(n));
  const J = d.titles.size;
  return {
    titles: d.titles,
    logProbability: Float32Array.from(
      rows.flatMap((n) => [...d.logProbability.subarray(n * J, (n + 1) * J)]),
    ),
    validMass: Float32Array.from(rows, (n) => d.validMass[n]),
    observed: Int32Array.from(rows, (n) => d.observed[n]),
    person: Int32Array.from(rows, (n) => d.person[n]),
    year: Int32Array.from(rows, (n) => d.year[n]),
    previous: Int32Array.from(rows, (n) => d.previous[n]),
  };
}

/** Forty persons of six years in one of three titles, and a model's probabilities; the same years for every model. */
function careers(model: number): TitleDistribution {
  const [happening, believing] = [new Random("years", 1), new Random("model", model)];
  const person = Array.from({ length: 240 }, (_, n) => Math.floor(n / 6));
  const observed = person.map(() => happening.integer(3));
  const previous = person.map((p, n) => (n > 0 && person[n - 1] === p ? observed[n - 1] : -1));
  const logProbability = observed.flatMap((title) => {
    const mass = [0, 1, 2].map((j) => (j === title ? 0.4 : 0.1) + believing.uniform());
    const total = mass.reduce((a, b) => a + b);
    return mass.map((p) => Math.log(p / total));
  });
  return distributionOf({ titles: 3, person, observed, previous, logProbability });
}

function near(actual: number, expected: number, tolerance = 1e-12): void {
  if (Number.isNaN(expected)) assert.ok(Number.isNaN(actual));
  else assert.ok(Math.abs(actual / expected - 1) < tolerance, `${actual}, not ${expected}`);
}

describe("survey weights", () => {
  const { a, b } = scoresOf(dependentModels(60, 3));
  const random = new Random("weights", 1);
  const times = Float64Array.from(a.observed, () => random.integer(4)); // 0 to 3
  const heavy = { ...a, weight: times };

  it("that are whole numbers count each person-year so often", () => {
    const often = observedScores(repeated(dependentModels(60, 3).a, times));
    for (const by of ROW_KINDS) {
      near(perplexity(heavy, { weighted: true, by }), perplexity(often, { by }));
    }
    const weighted = clusterRobustPerplexity(personTotals(heavy, surprisal(heavy), times).all);
    const again = clusterRobustPerplexity(personTotals(often, surprisal(often)).all);
    // A person all of whose weights are zero is no person of the repeated sample.
    near(weighted.value, again.value);
    near(weighted.standardError, again.standardError);
  });

  it("that are equal change no number of a comparison, and none is used unless asked for", () => {
    const weight = new Float64Array(a.observed.length).fill(1);
    const options = { replications: 50, seed: 1 };
    const plain = measurePerplexity("s", { a, b }, options);
    const carried = { a: { ...a, weight: times }, b: { ...b, weight: times } };
    assert.deepEqual(measurePerplexity("s", carried, options), plain);
    const equal = { a: { ...a, weight }, b: { ...b, weight } };
    assert.deepEqual(measurePerplexity("s", equal, { ...options, weighted: true }), plain);
  });

  it("enter the comparison's perplexities and paired differences, not its counts of person-years", () => {
    const found = measurePerplexity(
      "s",
      { a: heavy, b: { ...b, weight: times } },
      { weighted: true, replications: 50, kinds: ["all"] },
    );
    const expected = [a, b].map((d) => perplexity({ ...d, weight: times }, { weighted: true }));
    ["a", "b"].forEach((model, m) => {
      const own = only(found, { model, measure: "perplexity" });
      near(own.estimate.value, expected[m]);
      const difference = only(found, { model, measure: "perplexity difference" }).estimate.value;
      near(difference + 1, expected[m] - expected[0] + 1);
      assert.equal(own.personYears, a.observed.length);
      assert.equal(own.persons, 60);
      assert.ok(own.estimate.standardError > 0);
    });
  });

  it("of zero silence even an impossible title; a weight that is missing is refused", () => {
    const impossible = {
      ...a,
      observedLogProbability: a.observedLogProbability.slice(),
      weight: times.slice(),
    };
    impossible.observedLogProbability[0] = -Infinity;
    impossible.weight[0] = 0;
    assert.ok(perplexity(impossible, { weighted: true }) < Infinity);
    assert.equal(perplexity(impossible), Infinity);
    impossible.weight[2] = NaN;
    assert.throws(() => perplexity(impossible, { weighted: true }), {
      name: "UserError",
      message: /no survey weight, for example in row 2/,
    });
    assert.throws(() => perplexity(a, { weighted: true }), {
      name: "UserError",
      message: /no survey weight\./,
    });
  });

  describe("of events, groups and transitions", () => {
    const models = { a: careers(1), b: careers(2) };
    const event = { name: "title", titles: [models.a.titles.titles[1]] };
    const often = Float64Array.from(models.a.observed, () => 1 + random.integer(3));
    const weigh = (weight: Float64Array) => ({ a: { ...models.a, weight }, b: { ...models.b, weight } });
    const again = { a: repeated(models.a, often), b: repeated(models.b, often) };
    const options = { replications: 50, draws: 20, weighted: true, reference: "b" };
    /** Numbers that must agree; what counts rows or takes them for independent is left out. */
    const agree = (rows: object[], expected: object[], except: RegExp) => {
      assert.equal(rows.length, expected.length);
      rows.forEach((row, i) => {
        const names = Object.keys(row).filter((name) => !except.test(name));
        assert.ok(names.length > 8);
        for (const name of names) {
          const [own, other] = [row, expected[i]].map((one) => one[name as keyof typeof one] as unknown);
          if (typeof own === "number") near(own + 1, (other as number) + 1, 1e-9);
          else assert.equal(own, other);
        }
      });
    };

    it("that are whole numbers count each person-year so often, in every number and its error over persons", () => {
      const rows = flatRows(compareEvents("survey", weigh(often), event, options));
      const ones = Float64Array.from(again.a.observed, () => 1);
      // Edges of bins are those of weighted rows on both sides.
      const expected = { a: { ...again.a, weight: ones }, b: { ...again.b, weight: ones } };
      const byRow = /^personYears|^events|DeLong|chance|Spiegelhalter/;
      agree(rows, flatRows(compareEvents("survey", expected, event, options)), byRow);
      const forecast = eventForecast(weigh(often).a, event, { weighted: true });
      const plain = eventForecast(again.a, event);
      assert.deepEqual(rocCurve(forecast), rocCurve(plain));
      const bins = (one: EventForecast) =>
        reliabilityBins(one, { bins: 4 }).map(({ probability, frequency, persons }) => ({
          probability,
          frequency,
          persons,
        }));
      const expectedBins = bins(eventForecast(expected.a, event, { weighted: true }));
      bins(forecast).forEach((bin, i) => {
        near(bin.probability, expectedBins[i].probability);
        near(bin.frequency + 1, expectedBins[i].frequency + 1);
        assert.equal(bin.persons, expectedBins[i].persons);
      });
      const moves = { ...options, weighted: false };
      agree(
        flatRows(representativeness("survey", weigh(often), options)),
        flatRows(representativeness("survey", again, moves)),
        /^personYears|chance/,
      );
      const group = (keep: (person: number) => boolean, { person }: TitleDistribution): Subgroup => ({
        ...{ name: "some", of: "x", persons: 1 },
        rows: Int32Array.from(person.keys()).filter((n) => keep(person[n])),
      });
      const some = (person: number) => person % 3 === 0;
      agree(
        flatRows(
          compareSubgroups("survey", scoresOf(weigh(often)), [group(some, models.a)], {
            ...options,
            isLaw: true,
          }),
        ),
        flatRows(
          compareSubgroups("survey", scoresOf(again), [group(some, again.a)], { ...moves, isLaw: true }),
        ),
        /^personYears/,
      );
    });

    it("that are equal change no number, be they large or small, and none is used unless asked for", () => {
      // 240 person-years fill ten bins evenly, so that edges are the same too.
      assert.equal(models.a.observed.length % 10, 0);
      const plain = { ...options, weighted: false };
      const groups = [
        { name: "some", of: "x", persons: 9, rows: Int32Array.from({ length: 54 }, (_, n) => n) },
      ];
      const measures: ((d: typeof models, o: typeof options) => object[])[] = [
        (d, o) => flatRows(compareEvents("survey", d, event, o)),
        (d, o) => flatRows(representativeness("survey", d, o)),
        (d, o) => flatRows(compareSubgroups("survey", scoresOf(d), groups, { ...o, isLaw: true })),
      ];
      for (const measure of measures) {
        const expected = measure(models, plain);
        assert.deepEqual(measure(weigh(often), plain), expected);
        for (const unit of [1e-7, 1, 3000]) {
          const equal = Float64Array.from(often, () => unit);
          agree(measure(weigh(equal), options), expected, /^$/);
        }
        assert.throws(() => measure(models, options), { name: "UserError", message: /no survey weight/ });
      }
    });
  });

  it("go from the careers into the distribution", async () => {
    const titles = new TitleSet(["Cooks", "Bakers"]);
    const career = (weights: (number | undefined)[]) => ({
      person: "p",
      covariates: {},
      observations: weights.map((weight, i) => ({ year: 1990 + i, title: "Cooks", weight })),
    });
    const model = fitEmpirical({ titles, careers: [career([1])] });
    const predicted = await model.predict([career([2, 0]), career([undefined])]);
    assert.deepEqual(predicted.weight, Float64Array.of(2, 0, NaN));
    assert.equal((await model.predict([career([undefined])])).weight, undefined);
  });
});
