import { strict as assert } from "node:assert";
import { minimise, type Objective } from "labor-llm/dist/methods/logit/minimise";
import { Random } from "labor-llm/dist/random";
import { expectClose } from "../../support/close";

/** Σ c_i (x_i - i)² / 2 after a rotation of each neighbouring pair, so that coordinates depend on each other. */
const quadratic =
  (curvature: readonly number[]): Objective =>
  (x, gradient) => {
    gradient.fill(0);
    let value = 0;
    for (let i = 0; i < x.length; i++) {
      const [a, b] = [x[i] - i, x[(i + 1) % x.length] - ((i + 1) % x.length)];
      const slope = curvature[i] * (a - 0.5 * b);
      value += (slope * (a - 0.5 * b)) / 2;
      gradient[i] += slope;
      gradient[(i + 1) % x.length] -= 0.5 * slope;
    }
    return value;
  };

describe("The optimiser", () => {
  it("finds the minimum of quadratics; of such whose scales differ by a million, given the diagonal", async () => {
    const random = new Random("quadratics");
    for (const n of [1, 2, 5, 15]) {
      for (const orders of [2, 6]) {
        const curvature = Array.from({ length: n }, () => 10 ** (orders * (random.uniform() - 0.5)));
        const diagonal = Float64Array.from(curvature, (c, i) => c + 0.25 * curvature[(i + n - 1) % n]);
        const options = orders === 2 ? {} : { diagonal };
        const start = new Float64Array(n);
        const found = await minimise(quadratic(curvature), start, { tolerance: 1e-20, ...options });
        const expected = Float64Array.from({ length: n }, (_, i) => i);
        expectClose(found.x, expected, 1e-5);
      }
    }
  });

  it("finds Rosenbrock's minimum, which no quadratic model sees from afar, each time in the same steps", async () => {
    const rosenbrock: Objective = (x, gradient) => {
      const [a, b] = [1 - x[0], x[1] - x[0] ** 2];
      gradient.set([-2 * a - 400 * x[0] * b, 200 * b]);
      return a * a + 100 * b * b;
    };
    const start = Float64Array.of(-1.2, 1);
    const [one, other] = [await minimise(rosenbrock, start), await minimise(rosenbrock, start)];
    expectClose(one.x, [1, 1], 1e-4);
    assert.ok(one.converged && one.evaluations < 100, `${one.evaluations} evaluations`);
    assert.deepEqual(one, other);
    assert.deepEqual([...start], [-1.2, 1]);
  });

  it("stops where rounding hides the decrease, and at the most iterations, and says so", async () => {
    const curvature = [1, 100, 10_000];
    const rounded: Objective = (x, gradient) => Math.fround(1e6 + quadratic(curvature)(x, gradient));
    const blind = await minimise(rounded, new Float64Array(3), { tolerance: 0 });
    assert.equal(blind.converged, false);
    const cut = await minimise(quadratic(curvature), new Float64Array(3), { maxIterations: 2 });
    assert.deepEqual([cut.converged, cut.iterations], [false, 2]);
  });
});
