/**
 * Round numbers across [low, high] for a logarithmic axis: 1, 2, 5, 10 … over a wide range, some powers of ten over a
 * very wide one, even steps over a narrow one.
 * @throws RangeError where an end is not a positive finite number
 */
export function logTicks(low: number, high: number): number[] {
  if (!(low > 0 && high < Infinity))
    throw new RangeError(`a logarithmic axis cannot go from ${low} to ${high}`);
  if (high / low < 8) return linearTicks(low, high, 8);
  const every = Math.ceil(Math.log10(high / low) / 6);
  const steps = high / low > 20_000 ? [1] : high / low > 1000 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
    if (every > 1 && decade % every !== 0) continue;
    for (const step of steps) ticks.push(round(step * 10 ** decade));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** About `count` round numbers at even steps of 1, 2 or 5 times a power of ten. */
export function linearTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((s) => s * power).find((s) => s >= rough) ?? rough;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high + step / 2; i++) ticks.push(round(i * step));
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** Numbers at the marks of an axis: all with the decimals of the finest. */
export function tickText(ticks: readonly number[]): string[] {
  const decimals = Math.max(0, ...ticks.map((tick) => (String(tick).split(".")[1] ?? "").length));
  return ticks.map((tick) =>
    tick.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  );
}

/** A whole number on an axis; a power of ten from a million on. */
export function powerText(tick: number): string {
  const power = Math.round(Math.log10(tick));
  return tick >= LARGE && 10 ** power === tick ? tenToThe(power) : tick.toLocaleString("en-US");
}

/** From here on a number is read by its power of ten. */
const LARGE = 1e6;

function tenToThe(power: number): string {
  return `10${Array.from(String(power), (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}`;
}

/** A number as read, to a number of significant digits: 2.31, 350, 12,400, 5.50 × 10⁶. */
export function significant(value: number, digits = 3): string {
  if (value >= LARGE && value < Infinity) {
    const [mantissa, power] = value.toExponential(digits - 1).split("e+");
    return `${mantissa} × ${tenToThe(Number(power))}`;
  }
  const rounded = Number(value.toPrecision(digits));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded) || 1)));
  return rounded.toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** Without the dust of binary fractions: 0.30000000000000004 is 0.3. */
function round(x: number): number {
  return Number(x.toPrecision(12));
}
