import type { TitleDistribution } from "../predictions";
import { type BootstrapOptions, bootstrapByPerson } from "./bootstrap";
import { correlationWithin, type PairedRows, strataOf } from "./correlation";
import { exactly } from "./estimate";
import type { Measurement } from "./measurement";
import type { MeasureId } from "./measures";
import { checkSameRows } from "./rows";

/** Which rows are compared. */
export type CorrelationKind = "all" | "given titles" | "movers";

export interface ConsistencyOptions extends BootstrapOptions {
  /** (N): years ahead of each prediction, where they differ. */
  years?: ArrayLike<number>;
}

/**
 * The probabilities of what happened by direct and composed predictions, as rows whose correlation is measured.
 * @param error (N, J): Monte Carlo standard errors of the composed probabilities
 */
export function happenedRows(
  kind: CorrelationKind,
  direct: TitleDistribution,
  composed: TitleDistribution,
  error?: Float32Array,
  years?: ArrayLike<number>,
): PairedRows {
  const { observed, previous, titles } = direct;
  const J = titles.size;
  const rows = Array.from(observed, (_, n) => n).filter(
    (n) => kind !== "movers" || previous[n] !== observed[n],
  );
  const at = (n: number) => n * J + observed[n];
  const position = new Map([...new Set(direct.person)].map((id, i) => [id, i]));
  return {
    person: rows.map((n) => position.get(direct.person[n])!),
    x: rows.map((n) => Math.exp(direct.logProbability[at(n)])),
    y: rows.map((n) => Math.exp(composed.logProbability[at(n)])),
    ...(error && { noise: rows.map((n) => error[at(n)] ** 2) }),
    ...(kind === "given titles" && {
      stratum: strataOf(rows.map((n) => `${previous[n]} ${observed[n]} ${years?.[n]}`)),
    }),
  };
}

/** Sums over a person's rows, in this order; correlations need products. */
const SUMS = ["n", "x", "y", "xx", "yy", "xy", "m", "u", "v", "uu", "vv", "uv"] as const;
const MORE = ["direct", "composed", "distance", "same", "sameDirect", "sameComposed"] as const;
type Sum = (typeof SUMS)[number] | (typeof MORE)[number];

/** What is measured, in the order of the statistic; the shares as predicted less that observed are of both kinds. */
const BOOTSTRAPPED = [
  "ln P, direct",
  "ln P, composed",
  "ln P, direct less composed",
  "correlation as sampled",
  "correlation over titles",
  "distance",
  "same title, observed",
  "same title, direct",
  "same title, composed",
  "share difference",
  "share difference, composed",
  "correlation",
  "correlation given titles",
  "correlation of movers",
] as const satisfies readonly MeasureId[];

/**
 * How far predictions over several years agree with one-year predictions composed by the law of total probability: a
 * model of one law agrees entirely. Errors are over persons; sampling paths has an error of its own.
 *
 * - ln P: of the title that happened, mean, nats; direct less composed is paired, and above 0 where the direct one is better.
 * - Monte Carlo error: standard error of the composed ln P, and so of the difference, by the sampling of paths; 0 where nothing
 *   was sampled. Monte Carlo bias: by how much sampling lowers the composed ln P, for the logarithm of a mean is below its
 *   truth; to second order.
 * - correlation: of the two probabilities of the title that happened, with the error of sampled paths taken off, as it would be
 *   with paths without end; and as sampled. Given titles: within groups of the same last known title, title that happened
 *   and years between: what is left is what the rest of the career tells; NaN for a first-order table, to which it tells
 *   nothing. Of movers: of those in another title than the last known. Over titles: of all titles of all predictions.
 * - distance: mean total variation of the two distributions, 0 to 1; by chance: what sampling alone would give.
 * - same title: share of persons in the title of the last known year, as it happened and as predicted; and the difference, paired.
 * @param of whose predictions they are
 * @param direct normalised over the titles, as `composed`; the same rows, with the last known title as the previous
 * @param error (N, J): Monte Carlo standard errors of the composed probabilities
 * @throws UserError if the rows differ
 */
export function measureConsistency(
  of: Pick<Measurement, "survey" | "model" | "on">,
  direct: TitleDistribution,
  composed: TitleDistribution,
  error?: Float32Array,
  options: ConsistencyOptions = {},
): Measurement[] {
  checkSameRows({ direct, composed });
  const { person, observed, previous, titles } = direct;
  const J = titles.size;
  const position = new Map([...new Set(person)].map((id, i) => [id, i]));
  const sums = Object.fromEntries(
    [...SUMS, ...MORE].map((name) => [name, new Float64Array(position.size)]),
  ) as Record<Sum, Float64Array>; // (persons)
  let sampled = 0;
  let byChance = 0;
  for (let n = 0; n < person.length; n++) {
    const i = position.get(person[n])!;
    const add = (name: Sum, value: number) => {
      sums[name][i] += value;
    };
    const at = n * J;
    const p = Float64Array.from(direct.logProbability.subarray(at, at + J), Math.exp); // (J)
    const q = Float64Array.from(composed.logProbability.subarray(at, at + J), Math.exp); // (J)
    const [x, y] = [p[observed[n]], q[observed[n]]];
    for (const [name, value] of Object.entries({ n: 1, x, y, xx: x * x, yy: y * y, xy: x * y })) {
      add(name as Sum, value);
    }
    let distance = 0;
    for (let j = 0; j < J; j++) {
      const [u, v] = [p[j], q[j]];
      for (const [name, value] of Object.entries({ m: 1, u, v, uu: u * u, vv: v * v, uv: u * v })) {
        add(name as Sum, value);
      }
      distance += Math.abs(u - v) / 2;
      if (error !== undefined) byChance += error[at + j] * Math.sqrt(2 / Math.PI) * 0.5;
    }
    add("direct", direct.logProbability[at + observed[n]]);
    add("composed", composed.logProbability[at + observed[n]]);
    add("distance", distance);
    add("same", Number(previous[n] === observed[n]));
    add("sameDirect", previous[n] < 0 ? NaN : p[previous[n]]);
    add("sameComposed", previous[n] < 0 ? NaN : q[previous[n]]);
    if (error !== undefined) sampled += (error[at + observed[n]] / y) ** 2;
  }
  const kinds = (["all", "given titles", "movers"] as const).map((kind) =>
    correlationWithin(happenedRows(kind, direct, composed, error, options.years)),
  );
  const statistic = (times: Float64Array) => {
    const total = (name: Sum) => sums[name].reduce((sum, value, i) => sum + times[i] * value, 0);
    const rows = total("n");
    const mean = (name: Sum) => total(name) / rows;
    return [
      mean("direct"),
      mean("composed"),
      mean("direct") - mean("composed"),
      correlationOf(rows, total("x"), total("y"), total("xx"), total("yy"), total("xy")),
      correlationOf(total("m"), total("u"), total("v"), total("uu"), total("vv"), total("uv")),
      mean("distance"),
      mean("same"),
      mean("sameDirect"),
      mean("sameComposed"),
      mean("sameDirect") - mean("same"),
      mean("sameComposed") - mean("same"),
      ...kinds.map((correlationOfKind) => correlationOfKind(times)),
    ];
  };
  const estimates = bootstrapByPerson(position.size, statistic, options);
  const shared = { ...of, persons: position.size, personYears: person.length };
  const exact = {
    "Monte Carlo error": Math.sqrt(sampled) / person.length,
    "Monte Carlo bias": sampled / 2 / person.length,
    "distance by chance": byChance / person.length,
  };
  return [
    ...BOOTSTRAPPED.map((measure, i) => ({ ...shared, measure, estimate: estimates[i] })),
    ...Object.entries(exact).map(([measure, value]) => ({
      ...shared,
      measure: measure as keyof typeof exact,
      estimate: exactly(value),
    })),
  ];
}

/** Pearson's correlation from sums. */
function correlationOf(n: number, x: number, y: number, xx: number, yy: number, xy: number): number {
  const covariance = xy / n - (x / n) * (y / n);
  return covariance / Math.sqrt((xx / n - (x / n) ** 2) * (yy / n - (y / n) ** 2));
}
