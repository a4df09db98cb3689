import { strict as assert } from "node:assert";
import { type FitsOfMethod, surprisal, wholeContrast, wholeDifference } from "labor-llm/dist/metrics";
import { standingOf } from "labor-llm/dist/metrics/standing";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { observedScores } from "labor-llm/dist/predictions/observed-scores";
import { emptyDistribution } from "labor-llm/dist/predictions/title-distribution";
import { Random } from "labor-llm/dist/random";
import { dependentModels } from "./distributions";

/** Person-years of so many persons with one year each: what a difference is clustered by. */
function rowsOf(persons: number) {
  const titles = new TitleSet(["Cooks", "Bakers"]);
  const careers = Array.from({ length: persons }, (_, i) => ({
    ...{ person: `${i}`, covariates: {} },
    observations: [{ year: 2000, title: "Cooks" }],
  }));
  return emptyDistribution(careers, titles);
}

const none: FitsOfMethod = { seeds: [new Float64Array(3)], resamples: [], isRandom: false, isTrained: false };
const values = (...x: number[]) => Float64Array.from(x);

describe("The whole error of a difference between two methods", () => {
  it("is, in persons alone, that of clusters by person", () => {
    const { a, b } = dependentModels(40, 5);
    const fitOf = (model: typeof a) => ({ ...none, seeds: [surprisal(observedScores(model))] });
    const found = wholeDifference(a, fitOf(a), fitOf(b));
    assert.equal(found.standardError, found.overPersons.error);
    assert.equal(found.persons, 40);
    assert.ok(Math.abs(found.degrees - 39) < 1e-9);
    assert.deepEqual(found.without, []);
    assert.equal(found.value, -wholeDifference(a, fitOf(b), fitOf(a)).value);
  });

  it("adds the variance between seeds over their number and that between training samples", () => {
    const rows = rowsOf(3);
    const lower: FitsOfMethod = {
      ...{ isRandom: true, isTrained: true },
      seeds: [values(1, 2, 3), values(2, 3, 4), values(0, 1, 2)],
      resamples: [values(1, 2, 3), values(3, 4, 5)],
    };
    const higher = { ...none, seeds: [values(2, 4, 3)] };
    const found = wholeDifference(rows, lower, higher);
    // Mean of the lower over seeds (1, 2, 3): differences (1, 2, 0).
    assert.equal(found.value, 1);
    assert.ok(Math.abs(found.overPersons.error ** 2 - 1 / 3) < 1e-12);
    assert.ok(Math.abs(found.overSeeds!.error ** 2 - 1 / 3) < 1e-12); // variance 1 over 3 seeds
    assert.ok(Math.abs(found.overSamples!.error ** 2 - 2) < 1e-12); // of 1 and 3
    assert.ok(Math.abs(found.standardError ** 2 - (1 / 3 + 1 / 3 + 2)) < 1e-12);
    const degrees = (8 / 3) ** 2 / (1 / 9 / 2 + 1 / 9 / 2 + 4);
    assert.ok(Math.abs(found.degrees - degrees) < 1e-9);
    assert.deepEqual([found.overSeeds!.of, found.overSamples!.of], [3, 2]);
    assert.equal(wholeDifference(rows, higher, lower).standardError, found.standardError);
  });

  it("pairs seeds and training samples: what moves both methods alike is no error", () => {
    const [one, other] = [values(1, 2, 3), values(3, 4, 5)];
    const both = { isRandom: true, isTrained: true };
    const lower = { ...both, seeds: [one, other], resamples: [one, other] };
    const higher = {
      ...both,
      seeds: [values(2, 3, 4), values(4, 5, 6)],
      resamples: [values(2, 3, 4), values(4, 5, 6)],
    };
    assert.equal(wholeDifference(rowsOf(3), lower, higher).standardError, 0);
    // A draw that one of them lacks is left out.
    const more = { ...higher, resamples: [...higher.resamples, values(9, 9, 9)] };
    assert.equal(wholeDifference(rowsOf(3), lower, more).standardError, 0);
  });

  it("of a difference of differences pairs all four methods' draws, and is that of persons where none varies", () => {
    const rows = rowsOf(3);
    const fitted = (...fits: Float64Array[]): FitsOfMethod => ({
      ...{ seeds: [fits[0]], resamples: fits.slice(1), isRandom: false, isTrained: fits.length > 1 },
    });
    const term = (times: number, of: string, fits: FitsOfMethod) => ({ times, of, fits });
    const fixed = [
      term(1, "a", fitted(values(3, 5, 4))),
      term(-1, "b", fitted(values(1, 1, 1))),
      term(-1, "c", fitted(values(2, 2, 2))),
      term(1, "d", fitted(values(1, 1, 1))),
    ];
    const persons = wholeContrast(rows, fixed); // (1, 3, 2)
    assert.equal(persons.value, 2);
    assert.ok(Math.abs(persons.standardError ** 2 - 1 / 3) < 1e-12);
    // a moves by 0, 3, 6 over draws and c by 0, 1, 2: their difference by 0, 2, 4, with variance 4.
    const moved = (start: Float64Array, by: number) =>
      fitted(start, ...[0, 1, 2].map((i) => start.map((x) => x + i * by)));
    const varying = [
      term(1, "a", moved(values(3, 5, 4), 3)),
      fixed[1],
      term(-1, "c", moved(values(2, 2, 2), 1)),
      fixed[3],
    ];
    const whole = wholeContrast(rows, varying);
    assert.equal(whole.value, 2);
    assert.ok(Math.abs(whole.overSamples!.error ** 2 - 4) < 1e-12);
    assert.ok(Math.abs(whole.standardError ** 2 - (4 + 1 / 3)) < 1e-12);
  });

  it("lacks no seeds where resamples have seeds of their own", () => {
    const fits = { ...none, isRandom: true, isTrained: true, resamples: [values(1, 2, 3), values(2, 3, 4)] };
    assert.deepEqual(wholeDifference(rowsOf(3), fits, none).without, []);
  });

  it("says of which method the fits tell nothing, and counts what the other's tell", () => {
    const once = { ...none, isRandom: true, isTrained: true };
    const lacking = (of: string) => [
      { source: "seeds", of },
      { source: "training samples", of },
    ];
    assert.deepEqual(wholeDifference(rowsOf(3), once, none).without, lacking("lower"));
    const both = { isRandom: true, isTrained: true };
    const often = {
      ...both,
      seeds: [values(1, 2, 3), values(2, 3, 4)],
      resamples: [values(1, 2, 3), values(4, 5, 6)],
    };
    const found = wholeDifference(rowsOf(3), often, once);
    assert.deepEqual(found.without, lacking("higher"));
    assert.ok(Math.abs(found.overSeeds!.error ** 2 - 0.5 / 2) < 1e-12);
    assert.ok(Math.abs(found.overSamples!.error ** 2 - 4.5) < 1e-12);
  });

  it("has a 95 % interval that covers the true difference, whichever of the three sources is large", () => {
    const random = new Random("whole error", 1);
    const [runs, persons, draws] = [1500, 40, 3];
    const rows = rowsOf(persons);
    const truth = 0.3;
    // Standard deviations of a training sample's and a seed's effect, in standard errors over persons.
    const worlds = [
      { sample: 0, seed: 0 },
      { sample: 0, seed: 1 },
      { sample: 1, seed: 0 },
      { sample: 1, seed: 1 },
      { sample: 0.5, seed: 2 },
      { sample: 2, seed: 1 },
    ];
    const unit = 1 / Math.sqrt(persons);
    for (const { sample, seed } of worlds) {
      let [covered, byPersons] = [0, 0];
      for (let run = 0; run < runs; run++) {
        const ofPersons = Float64Array.from({ length: persons }, () => truth + random.normal());
        const shifted = (by: number) => ofPersons.map((x) => x + unit * by);
        const own = sample * random.normal();
        const higher: FitsOfMethod = {
          ...{ isRandom: true, isTrained: true },
          seeds: Array.from({ length: draws }, () => shifted(own + seed * random.normal())),
          resamples: Array.from({ length: draws }, () =>
            shifted(own + sample * random.normal() + seed * random.normal()),
          ),
        };
        const found = wholeDifference(rows, { ...none, seeds: [new Float64Array(persons)] }, higher);
        if (standingOf(found, truth) === "within") covered++;
        const { error, of } = found.overPersons;
        const alone = { value: found.value, standardError: error, persons: of };
        if (standingOf(alone, truth) === "within") byPersons++;
      }
      const told = `sample ${sample}, seed ${seed}: ${covered / runs}, over persons alone ${byPersons / runs}`;
      // Satterthwaite's degrees are of estimated variances, three draws each: nominal within two points.
      assert.ok(covered / runs > 0.93, told);
      if (sample === 0 && seed === 0) {
        // Where neither matters nothing is lost.
        assert.ok(Math.abs(covered / runs - 0.95) < 4 * Math.sqrt((0.05 * 0.95) / runs), told);
      }
      // The error over persons alone is what the referee found too small.
      if (sample >= 1) assert.ok(byPersons / runs < 0.9, told);
    }
  });
});
