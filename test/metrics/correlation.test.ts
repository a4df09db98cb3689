import { strict as assert } from "node:assert";
import { correlationBeyond, strataOf } from "labor-llm/dist/metrics";
import { correlationWithin } from "labor-llm/dist/metrics/correlation";
import { Random } from "labor-llm/dist/random";

const PERSONS = 2000;

/** Rows whose true numbers correlate by `rho` within strata, the second seen as the mean of a few paths. */
function simulated(rho: number, paths: number, strata: number, seed: number) {
  const random = new Random("noisy correlation", seed);
  const [person, x, y, truth, noise, stratum] = [[], [], [], [], [], []] as number[][];
  for (let i = 0; i < PERSONS; i++) {
    const own = random.normal();
    for (let row = 0; row < 4; row++) {
      const s = random.integer(strata);
      const z = own + random.normal();
      const other = rho * z + Math.sqrt(2 * (1 - rho * rho)) * random.normal();
      // Probabilities, so that the error of a mean over paths is that of shares.
      const q = 1 / (1 + Math.exp(-(other + 4 * s)));
      const hits = Array.from({ length: paths }, () => (random.uniform() < q ? 1 : 0));
      const share = hits.reduce((a: number, b) => a + b, 0) / paths;
      person.push(i);
      stratum.push(s);
      x.push(1 / (1 + Math.exp(-(z + 4 * s))));
      truth.push(q);
      y.push(share);
      noise.push((share * (1 - share)) / (paths - 1));
    }
  }
  return { person, x, y, truth, noise, stratum };
}

const ones = new Float64Array(PERSONS).fill(1);

describe("The correlation within strata", () => {
  it("is Pearson's in one stratum, counts persons as often as they are drawn, and sees no difference between strata", () => {
    const [person, x, y] = [
      [0, 0, 1, 1, 2],
      [1, 2, 3, 5, 4],
      [2, 1, 4, 3, 6],
    ];
    // Sums of products and of squares about the means: 7, 10 and 14.8.
    const pearson = 7 / Math.sqrt(10 * 14.8);
    assert.ok(Math.abs(correlationWithin({ person, x, y })([1, 1, 1]) - pearson) < 1e-12);
    // Person 1 twice.
    const twice = [0, 1, 2, 3, 2, 3, 4].map((n) => [0, x[n], y[n]]);
    const [first, second] = [1, 2].map((c) => twice.map((row) => row[c]));
    const drawn = correlationWithin({ person, x, y })([1, 2, 1]);
    const alone = correlationWithin({ person: twice.map(() => 0), x: first, y: second })([1]);
    assert.ok(Math.abs(drawn - alone) < 1e-12);
    const moved = { person, x: [1, 2, 103, 105, 104], y: [2, 1, 504, 503, 506], stratum: [0, 0, 1, 1, 1] };
    const within = correlationWithin({ ...moved, x, y });
    assert.ok(Math.abs(correlationWithin(moved)([1, 1, 1]) - within([1, 1, 1])) < 1e-9);
    assert.deepEqual(Array.from(strataOf(["b", "a", "b"])), [0, 1, 0]);
  });

  it("is not known where nothing varies within strata", () => {
    const rows = { person: [0, 1, 2, 3], x: [0.1, 0.3, 0.1, 0.3], y: [0.5, 0.2, 0.5, 0.4] };
    assert.ok(Number.isNaN(correlationWithin({ ...rows, stratum: [0, 1, 0, 1] })([1, 1, 1, 1])));
    assert.ok(!Number.isNaN(correlationWithin(rows)([1, 1, 1, 1])));
  });

  it("of few paths is that of the truth once their error is taken off, and below it before, within strata too", () => {
    for (const [paths, strata] of [
      [4, 1],
      [16, 1],
      [4, 3],
    ]) {
      const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
      const apart = seeds.map((seed) => {
        const { truth, noise, stratum, ...rows } = simulated(0.9, paths, strata, seed);
        const own = strata > 1 ? { stratum } : {};
        const exact = correlationWithin({ ...rows, ...own, y: truth })(ones);
        const seen = correlationWithin({ ...rows, ...own })(ones);
        return [seen - exact, correlationWithin({ ...rows, ...own, noise })(ones) - exact];
      });
      const [seen, corrected] = [0, 1].map((i) => apart.reduce((sum, d) => sum + d[i], 0) / seeds.length);
      assert.ok(seen < -0.03, `${paths} paths: ${seen}`);
      assert.ok(Math.abs(corrected) < 0.01, `${paths} paths: ${corrected}`);
    }
  });

  it("of rows that share strata in pairs takes off the part of the error that the pair's mean does not hold", () => {
    // Two rows a stratum: half of the error's variance is left about the mean of the two.
    const { truth, noise, person, x, y } = simulated(0.8, 4, 1, 2);
    const stratum = x.map((_, n) => Math.floor(n / 2));
    const exact = correlationWithin({ person, x, y: truth, stratum })(ones);
    const corrected = correlationWithin({ person, x, y, noise, stratum })(ones);
    assert.ok(Math.abs(corrected - exact) < 0.04, `${corrected}, not ${exact}`);
    assert.ok(exact - correlationWithin({ person, x, y, stratum })(ones) > 0.1);
  });

  it("stands above another's by the difference of two correlations, paired over persons", () => {
    const { truth, noise, stratum: _, ...rows } = simulated(0.9, 16, 1, 3);
    const weak = simulated(0.5, 16, 1, 3);
    const options = { replications: 200 };
    const same = correlationBeyond({ ...rows, noise }, { y: rows.y, noise }, options);
    assert.deepEqual([same.difference.value, same.difference.standardError], [0, 0]);
    const { own, other, difference } = correlationBeyond({ ...rows, noise }, weak, options);
    assert.ok(Math.abs(difference.value - (own.value - other.value)) < 1e-12);
    assert.ok(difference.value > 4 * difference.standardError && own.value > other.value);
    assert.ok(Math.abs(own.value - correlationWithin({ ...rows, y: truth })(ones)) < 0.02);
  });
});
