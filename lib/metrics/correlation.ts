import { type BootstrapOptions, bootstrapByPerson, type Estimate } from "./bootstrap";

/** Two numbers a row, of which the second may be a mean over random draws. */
export interface PairedRows {
  /** (N): person of each row, 0 to persons - 1. */
  person: ArrayLike<number>;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** (N): variance of the error that drawing has left in `y`; absent where nothing was drawn. */
  noise?: ArrayLike<number>;
  /** (N): whole numbers from 0 on; rows of one stratum are compared with each other alone. Default: one stratum. */
  stratum?: ArrayLike<number>;
}

/** Below this share of its sum of squares, what is left within strata is rounding. */
const ROUNDING = 1e-9;

/**
 * Pearson's correlation within strata: of what is left of both numbers after their stratum's mean. The error of drawn
 * numbers makes a correlation smaller than that of their means (Spearman 1904); its share of the sum of squares is
 * known and taken off, in closed form. The result may so come out above 1.
 * @returns a function of how often each person counts, (persons); NaN where a number does not vary within strata
 */
export function correlationWithin({ person, x, y, noise, stratum }: PairedRows) {
  const N = person.length;
  const cells = stratum === undefined ? 1 : Array.from(stratum).reduce((most, s) => Math.max(most, s + 1), 1);
  const sums = Array.from({ length: 4 }, () => new Float64Array(cells));
  const [w, wx, wy, drawn] = sums;
  return (times: ArrayLike<number>): number => {
    for (const sum of sums) sum.fill(0);
    let [xx, yy, xy, error] = [0, 0, 0, 0];
    for (let n = 0; n < N; n++) {
      const t = times[person[n]];
      if (t === 0) continue;
      const s = stratum === undefined ? 0 : stratum[n];
      const [a, b] = [x[n], y[n]];
      w[s] += t;
      wx[s] += t * a;
      wy[s] += t * b;
      xx += t * a * a;
      yy += t * b * b;
      xy += t * a * b;
      if (noise === undefined) continue;
      error += t * noise[n];
      drawn[s] += t * t * noise[n];
    }
    let [withinX, withinY, both] = [xx, yy, xy];
    for (let s = 0; s < cells; s++) {
      if (w[s] === 0) continue;
      withinX -= (wx[s] * wx[s]) / w[s];
      withinY -= (wy[s] * wy[s]) / w[s];
      both -= (wx[s] * wy[s]) / w[s];
      error -= drawn[s] / w[s]; // the stratum's mean has a part of the error
    }
    if (withinX <= ROUNDING * xx || withinY <= ROUNDING * yy || withinY <= error) return NaN;
    return both / Math.sqrt(withinX * (withinY - error));
  };
}

/**
 * By how much a number correlates more with one number than with another, paired over persons.
 * @param rows `y` and `noise` are of the first
 * @param other of the second
 */
export function correlationBeyond(
  rows: PairedRows,
  other: Pick<PairedRows, "y" | "noise">,
  options: BootstrapOptions = {},
): { own: Estimate; other: Estimate; difference: Estimate } {
  const persons = Array.from(rows.person).reduce((most, i) => Math.max(most, i + 1), 0);
  const own = correlationWithin(rows);
  const second = correlationWithin({ ...rows, y: other.y, noise: other.noise });
  const [first, rival, difference] = bootstrapByPerson(
    persons,
    (times) => {
      const [a, b] = [own(times), second(times)];
      return [a, b, a - b];
    },
    options,
  );
  return { own: first, other: rival, difference };
}

/** Strata by the values of some keys: rows of equal keys are of one stratum. */
export function strataOf(keys: readonly (number | string)[]): Int32Array {
  const numbers = new Map<number | string, number>();
  return Int32Array.from(keys, (key) => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  });
}
