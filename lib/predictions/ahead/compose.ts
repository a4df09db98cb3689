import type { Career, Observation } from "../../careers";
import { UserError } from "../../errors";
import type { TitleSet } from "../../occupations";
import { Random } from "../../random";
import type { OccupationModel } from "../occupation-model";
import { predictLast } from "../predict-last";
import { type Ahead, aheadRows, type Forecast } from "./ahead";
import { type EducationPath, observedEducation } from "./education";

export interface ComposeOptions {
  /** How education goes on. Default `observedEducation`. */
  education?: EducationPath;
  onProgress?: (done: number, total: number) => void;
}

export interface SampleOptions extends ComposeOptions {
  /** Careers simulated from each point. */
  paths: number;
  /** Path s from a person's point is the same whatever else is asked. Default 1. */
  seed?: number;
}

/** Some paths, or a share of all, that agree so far. */
interface Branch {
  /** Observations after the last that is known. */
  path: readonly Observation[];
  /** Their share of all. */
  weight: number;
  /** The generators of sampled paths; absent where all paths are walked. */
  members?: readonly Random[];
}

/** A point of a career from which is predicted. */
interface Point {
  career: Career;
  known: number;
  /** Year of the last known observation, and of the last that is asked for. */
  from: number;
  to: number;
  /** Row of the forecast by year. */
  rows: ReadonlyMap<number, number>;
  branches: Branch[];
}

/** Careers in one call of the model. */
const CAREERS_AT_ONCE = 2048;

/**
 * Predictions over several years, composed of one-year predictions by the law of total probability: careers are
 * simulated year by year from what is known, and the probability of a title is the mean, over the simulated careers,
 * of its probability in the last year (the last year itself is not sampled, which lowers the error). Every year between is
 * simulated, observed or not; the model is asked once for careers that agree so far.
 * @returns with the Monte Carlo standard error of each probability
 * @throws UserError if `paths` is not a whole number of at least 2
 */
export async function composeBySampling(
  model: OccupationModel,
  titles: TitleSet,
  careers: readonly Career[],
  aheads: readonly Ahead[],
  options: SampleOptions,
): Promise<Forecast> {
  const { paths, seed = 1 } = options;
  if (!(Number.isInteger(paths) && paths >= 2)) {
    throw new UserError(`${paths} simulated careers`, "Give a whole number, 2 or more.");
  }
  return compose(model, titles, careers, aheads, options, ({ career, known }) => ({
    path: [],
    weight: 1,
    members: Array.from({ length: paths }, (_, s) => new Random("path", seed, career.person, known, s)),
  }));
}

/**
 * As `composeBySampling`, walking every path: exact, for J^(years - 1) questions from each point, times what education can
 * become.
 */
export async function composeExactly(
  model: OccupationModel,
  titles: TitleSet,
  careers: readonly Career[],
  aheads: readonly Ahead[],
  options: ComposeOptions = {},
): Promise<Forecast> {
  return compose(model, titles, careers, aheads, options, () => ({ path: [], weight: 1 }));
}

async function compose(
  model: OccupationModel,
  titles: TitleSet,
  careers: readonly Career[],
  aheads: readonly Ahead[],
  { education = observedEducation, onProgress }: ComposeOptions,
  start: (point: Pick<Point, "career" | "known">) => Branch,
): Promise<Forecast> {
  const distribution = aheadRows(titles, careers, aheads);
  const J = titles.size;
  const sums = new Float64Array(aheads.length * J); // (N, J)
  const squares = new Float64Array(aheads.length * J); // (N, J)
  const points = pointsOf(careers, aheads, start);
  const steps = points.reduce((most, { from, to }) => Math.max(most, to - from), 0);
  let asked = 0;
  let samples: number | undefined;
  for (let step = 1; step <= steps; step++) {
    const active = points.filter(({ from, to }) => from + step <= to);
    const total = active.length;
    let done = 0;
    for (const batch of batches(active, education, step)) {
      const { logProbability } = await predictLast(
        model,
        batch.flatMap(({ point, branches }) => branches.map((branch) => asCareer(point, branch, titles))),
      );
      let n = 0;
      for (const { point, branches } of batch) {
        const row = point.rows.get(point.from + step);
        const next: Branch[] = [];
        for (const branch of branches) {
          const p = Float64Array.from(logProbability.subarray(n * J, ++n * J), Math.exp); // (J)
          if (row !== undefined) {
            for (let j = 0; j < J; j++) {
              sums[row * J + j] += branch.weight * p[j];
              squares[row * J + j] += branch.weight * p[j] ** 2;
            }
          }
          if (point.from + step < point.to) next.push(...withTitles(branch, p, titles));
          samples ??= branch.members && Math.round(branch.members.length / branch.weight);
        }
        asked += branches.length;
        point.branches = next;
      }
      done += batch.length;
      onProgress?.((step - 1) * total + done, steps * total);
    }
  }
  distribution.logProbability.set(Float32Array.from(sums, Math.log));
  if (samples === undefined) return { distribution, asked };
  const spread = sums.map((mean, at) => Math.max(0, squares[at] - mean * mean) / (samples - 1));
  return { distribution, monteCarloError: Float32Array.from(spread, Math.sqrt), asked };
}

/** Predictions from the same point share their paths. */
function pointsOf(
  careers: readonly Career[],
  aheads: readonly Ahead[],
  start: (point: Pick<Point, "career" | "known">) => Branch,
): Point[] {
  const points = new Map<string, Point & { rows: Map<number, number> }>();
  aheads.forEach(({ person, known, target }, row) => {
    const career = careers[person];
    const key = `${person} ${known}`;
    let point = points.get(key);
    if (point === undefined) {
      const from = career.observations[known - 1].year;
      point = { career, known, from, to: from, rows: new Map(), branches: [start({ career, known })] };
      points.set(key, point);
    }
    const { year } = career.observations[target];
    point.rows.set(year, row);
    point.to = Math.max(point.to, year);
  });
  return [...points.values()];
}

/** Points with their branches by the education of the year, some at a time. */
function* batches(
  points: readonly Point[],
  education: EducationPath,
  step: number,
): Generator<{ point: Point; branches: Branch[] }[]> {
  let batch: { point: Point; branches: Branch[] }[] = [];
  let size = 0;
  for (const point of points) {
    const branches = point.branches.flatMap((branch) =>
      withEducation(point, branch, education, point.from + step),
    );
    batch.push({ point, branches });
    size += branches.length;
    if (size < CAREERS_AT_ONCE) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}

/** The career so far, the year that is asked for last; its title stands for nothing, nobody sees it. */
function asCareer({ career, known }: Point, { path }: Branch, titles: TitleSet): Career {
  const observations = [...career.observations.slice(0, known), ...path];
  const last = observations[observations.length - 1];
  observations[observations.length - 1] = { ...last, title: titles.titles[0] };
  return { ...career, observations };
}

/** A branch for each education that the year can have; the title is not yet known. */
function withEducation(point: Point, branch: Branch, path: EducationPath, year: number): Branch[] {
  const { career, known } = point;
  const soFar = { ...career, observations: [...career.observations.slice(0, known), ...branch.path] };
  const chances = path(soFar, year, career);
  const probabilities = chances.map(({ probability }) => probability);
  return split(branch, probabilities).map(([c, part]) => ({
    ...part,
    path: [...branch.path, { year, title: "", education: chances[c].education }],
  }));
}

/** A branch for each title that the year, the last of the path, can have. */
function withTitles(branch: Branch, p: Float64Array, titles: TitleSet): Branch[] {
  const before = branch.path.slice(0, -1);
  const last = branch.path[branch.path.length - 1];
  return split(branch, p).map(([j, part]) => ({
    ...part,
    path: [...before, { ...last, title: titles.titles[j] }],
  }));
}

/** What becomes of a branch where the world goes several ways: each member draws one, or all are walked. */
function split(branch: Branch, probabilities: ArrayLike<number>): [number, Branch][] {
  const { path, weight, members } = branch;
  if (probabilities.length === 1) return [[0, branch]];
  if (members === undefined) {
    return Array.from(probabilities).flatMap((p, i): [number, Branch][] =>
      p > 0 ? [[i, { path, weight: weight * p }]] : [],
    );
  }
  const groups = new Map<number, Random[]>();
  for (const random of members) {
    const i = random.weighted(probabilities);
    const group = groups.get(i);
    if (group === undefined) groups.set(i, [random]);
    else group.push(random);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([i, group]) => [i, { path, weight: (weight * group.length) / members.length, members: group }]);
}
