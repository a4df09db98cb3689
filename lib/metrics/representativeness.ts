import { UserError } from "../errors";
import type { TitleSet } from "../occupations";
import type { TitleDistribution } from "../predictions";
import { Random } from "../random";
import { type BootstrapOptions, bootstrapByPerson, type Estimate } from "./bootstrap";
import { exactly, normally } from "./estimate";
import type { Measurement } from "./measurement";
import type { MeasureId } from "./measures";
import { logMass, weightsOf } from "./perplexity";
import { personsOf } from "./persons";
import { checkSameRows } from "./rows";

/** Shares of transitions between groups of titles, among the person-years that have one before. */
export interface TransitionShares {
  groups: string[];
  personYears: number;
  /** (groups, groups): share of all person-years, from the row's group to the column's; actual, and as predicted. */
  actual: number[][];
  predicted: number[][];
}

export interface TransitionShareOptions {
  /** What titles are counted under. Default: each title itself. */
  group?: (title: string) => string;
  /** Person-years to look at, as rows of the distribution. Default all. */
  rows?: ArrayLike<number>;
  /** Weigh each person-year by its survey weight. Default false. */
  weighted?: boolean;
}

export interface RepresentativenessOptions extends BootstrapOptions, TransitionShareOptions {
  /** The model that differences are to, by name. Default: the first. */
  reference?: string;
  /** Draws of what happens under the model itself. Default 1000. */
  draws?: number;
}

/** Actual and predicted shares of transitions; predictions are over valid titles. */
export function transitionShares(
  distribution: TitleDistribution,
  options: TransitionShareOptions = {},
): TransitionShares {
  const { names, rows, cells, from, to, said, weight } = transitionsOf(distribution, options);
  const total = weight.reduce((a, b) => a + b, 0);
  const matrix = () => names.map(() => names.map(() => 0));
  const [actual, predicted] = [matrix(), matrix()];
  rows.forEach((_, n) => {
    actual[from[n]][to[n]] += weight[n] / total;
    for (let g = 0; g < cells; g++) predicted[from[n]][g] += (weight[n] * said[n * cells + g]) / total;
  });
  return { groups: names, personYears: rows.length, actual, predicted };
}

/** Total variation distance of the predicted from the actual shares, of one model: `representativeness` has its errors. */
export function transitionDistance(
  distribution: TitleDistribution,
  options: TransitionShareOptions = {},
): number {
  const { actual, predicted } = transitionShares(distribution, options);
  const apart = actual.flatMap((row, from) => row.map((share, to) => Math.abs(share - predicted[from][to])));
  return apart.reduce((a, b) => a + b, 0) / 2;
}

/**
 * Representativeness: the total variation distance, half the sum of absolute differences, between the shares of
 * transitions that each model predicts, year by year given each career so far, and those that took place. It is above
 * zero by chance even for the truth: measured too are the mean distance if the model were the truth, by the chance of so few
 * person-years, and what is left beyond it, with the share of draws from the model itself that are further off for its p:
 * small where the model does not represent. As both start from the same titles, the distance is the mean over titles left, by
 * their share, of the distance between the rows of the two transition matrices. Errors are over persons; differences are paired.
 * @param survey of which the careers are
 * @param models predictions of the same careers, by the model's name
 * @throws UserError if rows differ between models, no person-year has one before, the reference is no model, or
 * weights are asked for and a person-year has none
 */
export function representativeness(
  survey: string,
  models: Readonly<Record<string, TitleDistribution>>,
  options: RepresentativenessOptions = {},
): Measurement[] {
  const names = Object.keys(models);
  const { reference = names[0], draws = 1000, seed = 1 } = options;
  const base = names.indexOf(reference);
  if (base < 0) {
    throw new UserError(
      `the reference "${reference}" is not among the models`,
      `Name one of ${names.join(", ")}.`,
    );
  }
  checkSameRows(models);
  const { weight: own } = models[reference];
  const transitions = names.map((name) => transitionsOf({ ...models[name], weight: own }, options));
  const [{ rows, person, weight }] = transitions;
  if (rows.length === 0) {
    throw new UserError("no person-year has one before", "Give careers of more than one year.");
  }
  const { persons, position } = personsOf(person);
  const count = new Float64Array(persons);
  position.forEach((i, n) => {
    count[i] += weight[n];
  });
  const residuals = transitions.map((one) => residualsByPerson(one, persons, position)); // (models)
  const estimates = bootstrapByPerson(
    persons,
    (times) => {
      const total = times.reduce((sum, t, i) => sum + t * count[i], 0);
      const distance = residuals.map((residual) => halfSum(residual, times) / total); // (models)
      return names.flatMap((_, m) => [distance[m], distance[m] - distance[base]]);
    },
    options,
  );
  return names.flatMap((model, m): Measurement[] => {
    const [distance, difference] = estimates.slice(2 * m, 2 * m + 2);
    const drawn = distancesUnder(transitions[m], draws, seed);
    const byChance = drawn.reduce((a, b) => a + b, 0) / draws;
    const p = (1 + drawn.filter((d) => d >= distance.value).length) / (1 + draws);
    const one = (measure: MeasureId, estimate: Estimate, more: Partial<Measurement> = {}) => ({
      ...{ survey, model, on: { transition: "all" } as const, measure, ...more, estimate },
      ...{ persons, personYears: rows.length },
    });
    return [
      one("transition distance", distance),
      one("transition distance by chance", exactly(byChance)),
      one("transition distance beyond chance", normally(distance.value - byChance, distance.standardError), {
        p,
      }),
      one("transition distance difference", difference, { against: reference }),
    ];
  });
}

/** Person-years with one before, their titles counted under groups. */
interface Transitions {
  names: string[];
  /** Number of groups. */
  cells: number;
  rows: Int32Array;
  /** (N): index of the person, the groups left and entered. */
  person: Int32Array;
  from: Int32Array;
  to: Int32Array;
  /** (N, groups): probability of each group. */
  said: Float64Array;
  /** (N): what each counts. */
  weight: Float64Array;
}

function transitionsOf(distribution: TitleDistribution, options: TransitionShareOptions): Transitions {
  const { titles, logProbability, observed, previous, person } = distribution;
  const { names, groupOf } = groupsOf(titles, options.group);
  const cells = names.length;
  const weight = options.weighted ? weightsOf(distribution) : undefined;
  const all = options.rows === undefined ? observed.keys() : Array.from(options.rows);
  const rows = Int32Array.from(all).filter((n) => previous[n] >= 0);
  const said = new Float64Array(rows.length * cells);
  rows.forEach((n, i) => {
    const mass = logMass(distribution, n);
    for (let j = 0; j < titles.size; j++) {
      said[i * cells + groupOf[j]] += Math.exp(logProbability[n * titles.size + j] - mass);
    }
  });
  return {
    names,
    cells,
    rows,
    person: Int32Array.from(rows, (n) => person[n]),
    from: Int32Array.from(rows, (n) => groupOf[previous[n]]),
    to: Int32Array.from(rows, (n) => groupOf[observed[n]]),
    said,
    weight: Float64Array.from(rows, (n) => weight?.[n] ?? 1),
  };
}

function groupsOf({ titles }: TitleSet, group: (title: string) => string = (title) => title) {
  const names = [...new Set(titles.map(group))];
  const place = new Map(names.map((name, g) => [name, g]));
  return { names, groupOf: Int32Array.from(titles, (title) => place.get(group(title))!) };
}

/** For each person, the cells that are not zero: actual less predicted transitions, summed over the years. */
function residualsByPerson(
  { cells, from, to, said, rows, weight }: Transitions,
  persons: number,
  position: Int32Array,
): { size: number; cell: Int32Array[]; value: Float64Array[] } {
  const sums = Array.from({ length: persons }, () => new Map<number, number>());
  rows.forEach((_, n) => {
    const own = sums[position[n]];
    for (let g = 0; g < cells; g++) {
      const cell = from[n] * cells + g;
      const happened = weight[n] * Number(to[n] === g);
      own.set(cell, (own.get(cell) ?? 0) + happened - weight[n] * said[n * cells + g]);
    }
  });
  return {
    size: cells * cells,
    cell: sums.map((own) => Int32Array.from(own.keys())),
    value: sums.map((own) => Float64Array.from(own.values())),
  };
}

/** Half the sum of absolute cells of the persons drawn. */
function halfSum({ size, cell, value }: ReturnType<typeof residualsByPerson>, times: Float64Array): number {
  const sum = new Float64Array(size);
  for (let i = 0; i < times.length; i++) {
    if (times[i] === 0) continue;
    for (let k = 0; k < cell[i].length; k++) sum[cell[i][k]] += times[i] * value[i][k];
  }
  return sum.reduce((total, x) => total + Math.abs(x), 0) / 2;
}

/** Distances of what is drawn from the model's own probabilities, from the careers as they were. */
function distancesUnder(
  { cells, from, said, rows, weight }: Transitions,
  draws: number,
  seed: number,
): number[] {
  const random = new Random("representativeness", seed);
  const expected = new Float64Array(cells * cells);
  rows.forEach((_, n) => {
    for (let g = 0; g < cells; g++) expected[from[n] * cells + g] += weight[n] * said[n * cells + g];
  });
  const total = weight.reduce((a, b) => a + b, 0);
  return Array.from({ length: draws }, () => {
    const residual = expected.slice();
    for (let n = 0; n < rows.length; n++) {
      let left = random.uniform();
      let g = 0;
      while (g < cells - 1 && left >= said[n * cells + g]) left -= said[n * cells + g++];
      residual[from[n] * cells + g] -= weight[n];
    }
    return residual.reduce((sum, x) => sum + Math.abs(x), 0) / 2 / total;
  });
}
