import { setImmediate } from "node:timers/promises";
import { stage } from "../../stages";

/** A smooth function: writes its gradient at `x` and returns its value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  /** Pairs of steps and gradient changes that stand for the Hessian. Default 10. */
  memory?: number;
  /** Stops when the quadratic model promises less than this share of the value. Default 1e-9. */
  tolerance?: number;
  /** Default 1000. */
  maxIterations?: number;
  /** About the Hessian's diagonal, positive; where coordinates differ in scale it saves most of the iterations. */
  diagonal?: Float64Array;
  /** Called after each iteration, with the point that it reached; true stops. */
  onIteration?: (iteration: number, value: number, x: Float64Array) => boolean;
}

export interface Minimum {
  x: Float64Array;
  value: number;
  iterations: number;
  /** Evaluations of the function and its gradient. */
  evaluations: number;
  /** false: stopped at `maxIterations` or by `onIteration`, or where rounding hides any further decrease. */
  converged: boolean;
}

/** A step, the change of the gradient along it, and 1 / (their product). */
interface Pair {
  step: Float64Array;
  change: Float64Array;
  rho: number;
}

/**
 * Minimises a smooth function by L-BFGS (Nocedal and Wright 2006, algorithm 7.5) with the weak Wolfe line search
 * by bisection of Lewis and Overton (2013). Deterministic. Lets the event loop turn between iterations.
 * @param start not changed
 */
export async function minimise(
  objective: Objective,
  start: Float64Array,
  options: MinimiseOptions = {},
): Promise<Minimum> {
  const { memory = 10, tolerance = 1e-9, maxIterations = 1000, diagonal, onIteration } = options;
  let x: Float64Array = Float64Array.from(start);
  let gradient: Float64Array = new Float64Array(x.length);
  let value = objective(x, gradient);
  let evaluations = 1;
  const pairs: Pair[] = [];
  const direction = new Float64Array(x.length);
  const step = stage("fitting coefficients", undefined, "iterations");
  for (let iteration = 0; ; iteration++) {
    descend(direction, gradient, pairs, diagonal);
    let slope = dot(direction, gradient);
    // Half the slope is what a Newton step would gain.
    if (-slope / 2 <= tolerance * Math.max(1, Math.abs(value))) {
      return { x, value, iterations: iteration, evaluations, converged: true };
    }
    if (iteration === maxIterations)
      return { x, value, iterations: iteration, evaluations, converged: false };
    if (pairs.length === 0 && diagonal === undefined) {
      const length = Math.sqrt(dot(gradient, gradient));
      for (let i = 0; i < direction.length; i++) direction[i] /= length;
      slope /= length;
    }
    const found = search(objective, { x, value, direction, slope });
    evaluations += found.evaluations;
    if (found.point === undefined) {
      return { x, value, iterations: iteration, evaluations, converged: false };
    }
    const { point } = found;
    const pair = pairs.length === memory ? pairs.shift()! : emptyPair(x.length);
    for (let i = 0; i < x.length; i++) {
      pair.step[i] = point.x[i] - x[i];
      pair.change[i] = point.gradient[i] - gradient[i];
    }
    pair.rho = 1 / dot(pair.step, pair.change);
    if (pair.rho > 0 && pair.rho < Infinity) pairs.push(pair);
    ({ x, gradient, value } = point);
    step(iteration + 1);
    if (onIteration?.(iteration + 1, value, x)) {
      return { x, value, iterations: iteration + 1, evaluations, converged: false };
    }
    await setImmediate();
  }
}

const emptyPair = (n: number): Pair => ({
  step: new Float64Array(n),
  change: new Float64Array(n),
  rho: 0,
});

/** direction = -H gradient by the two-loop recursion, from H0 a multiple of the inverse diagonal. */
function descend(
  direction: Float64Array,
  gradient: Float64Array,
  pairs: readonly Pair[],
  diagonal?: Float64Array,
): void {
  for (let i = 0; i < direction.length; i++) direction[i] = -gradient[i];
  const alphas = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    alphas[k] = pairs[k].rho * dot(pairs[k].step, direction);
    add(direction, -alphas[k], pairs[k].change);
  }
  const last = pairs.at(-1);
  if (diagonal === undefined) {
    const scale = last === undefined ? 1 : 1 / (last.rho * dot(last.change, last.change));
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  } else {
    let scale = 1;
    if (last !== undefined) {
      let square = 0;
      for (let i = 0; i < diagonal.length; i++) square += (last.change[i] * last.change[i]) / diagonal[i];
      scale = 1 / (last.rho * square);
    }
    for (let i = 0; i < direction.length; i++) direction[i] *= scale / diagonal[i];
  }
  for (let k = 0; k < pairs.length; k++) {
    add(direction, alphas[k] - pairs[k].rho * dot(pairs[k].change, direction), pairs[k].step);
  }
}

interface Line {
  x: Float64Array;
  value: number;
  direction: Float64Array;
  slope: number;
}

/** A point with enough decrease and a slope that has flattened; none if rounding leaves no decrease to find. */
function search(
  objective: Objective,
  { x, value, direction, slope }: Line,
): { point?: { x: Float64Array; gradient: Float64Array; value: number }; evaluations: number } {
  const [decrease, curvature] = [1e-4, 0.9];
  const point = { x: new Float64Array(x.length), gradient: new Float64Array(x.length), value: NaN };
  let [low, high, length] = [0, Infinity, 1];
  for (let evaluations = 1; evaluations <= 40; evaluations++) {
    for (let i = 0; i < x.length; i++) point.x[i] = x[i] + length * direction[i];
    point.value = objective(point.x, point.gradient);
    if (!(point.value <= value + decrease * length * slope)) high = length;
    else if (dot(point.gradient, direction) < curvature * slope) low = length;
    else return { point, evaluations };
    length = high < Infinity ? (low + high) / 2 : 2 * low;
  }
  return { evaluations: 40 };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function add(to: Float64Array, scale: number, what: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += scale * what[i];
}
