import {
  type CareerPanel,
  checkPooled,
  type PooledCareers,
  rakedWeights,
  samplePersons,
  splitByPerson,
} from "../careers";
import { UserError } from "../errors";
import { methodNamed } from "../methods";
import { readSurvey } from "../surveys";

/** Careers of another survey that an experiment trains on too: persons of its training part, under the same seed. */
export interface Pool {
  /** As `readSurvey` takes it; with a column map, if it needs one. */
  survey: string;
  map?: string;
  /** Most persons. Default: all. */
  persons?: number;
  /** Share of these persons, 0 to 1; a smaller share is part of a larger one. Default 1. */
  share?: number;
  /** How much a person-year counts on average, where one of the own survey counts 1; 0 leaves all out. Default 1. */
  weight?: number;
  /** "equal": all persons count the same; "raked": so that their covariates are as the own survey's (`rakedWeights`). Default "equal". */
  weighting?: "equal" | "raked";
}

/**
 * The careers that an experiment pools, with their weights; those that count nothing are left out.
 * @param own the experiment's own data
 * @throws UserError for a method that cannot pool, a share or weight out of range, or other titles
 */
export function poolOf(
  { method, pool = [], seed }: { method: string; pool?: readonly Pool[]; seed: number },
  own: { train: CareerPanel },
): PooledCareers[] {
  const counted = pool.filter((one) => !isEmpty(one));
  if (counted.length > 0 && !methodNamed(method).pools) {
    throw new UserError(
      `${method} cannot learn from pooled careers`,
      "Leave the pool out, or take another method.",
    );
  }
  return counted.map(({ survey, map, persons = Infinity, share = 1, weight = 1, weighting = "equal" }) => {
    const train = trainingPart(survey, map, seed);
    const most = Math.min(persons, train.careers.length);
    const panel = samplePersons(train, Math.max(1, Math.round(share * most)), seed);
    const raked = weighting === "raked" ? rakedWeights(panel.careers, own.train.careers) : undefined;
    const pooled = { panel, weights: panel.careers.map((_, i) => weight * (raked?.[i] ?? 1)) };
    checkPooled(own.train.titles, pooled);
    return pooled;
  });
}

/** Training parts of the surveys that were read last: the experiments of a table mostly pool the same. */
const read = new Map<string, CareerPanel>();
const MOST_READ = 3;

function trainingPart(survey: string, map: string | undefined, seed: number): CareerPanel {
  const key = JSON.stringify([survey, map, seed]);
  const part = read.get(key) ?? splitByPerson(readSurvey(survey, map), { seed }).train;
  read.delete(key);
  read.set(key, part);
  if (read.size > MOST_READ) read.delete(read.keys().next().value!);
  return part;
}

function isEmpty({ share = 1, weight = 1 }: Pool): boolean {
  if (!(share >= 0 && share <= 1)) throw new UserError(`a pool's share is ${share}`, "Give one from 0 to 1.");
  if (!(weight >= 0 && weight < Infinity)) {
    throw new UserError(`a pool's weight is ${weight}`, "Give a number of at least 0.");
  }
  return share === 0 || weight === 0;
}
