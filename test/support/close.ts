import { strict as assert } from "node:assert";

/**
 * Asserts that two arrays agree element by element.
 * @param tolerance largest |actual − expected|; with `relative`, that over max(1, |expected|)
 * @throws AssertionError naming the worst element; a value that is not finite agrees only with itself
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  options: { relative?: boolean } = {},
): void {
  assert.equal(actual.length, expected.length, `${actual.length} values, expected ${expected.length}`);
  let worst = -1;
  let distance = 0;
  let wrong = 0;
  for (let i = 0; i < actual.length; i++) {
    if (Object.is(actual[i], expected[i])) continue;
    const scale = options.relative ? Math.max(1, Math.abs(expected[i])) : 1;
    const gap = Math.abs(actual[i] - expected[i]) / scale;
    const d = Number.isFinite(gap) ? gap : Number.POSITIVE_INFINITY;
    if (d > tolerance) wrong++;
    if (d > distance) {
      distance = d;
      worst = i;
    }
  }
  if (wrong === 0) return;
  assert.fail(
    `${wrong} of ${actual.length} values are off by more than ${tolerance}${options.relative ? " (relative)" : ""}; ` +
      `the worst, [${worst}], is ${actual[worst]}, expected ${expected[worst]} (off by ${distance.toPrecision(3)})`,
  );
}
