import type { Career } from "./career";
import { countPersonYears } from "./person-years";

/** What the margins are of; a career's education is the last that is known. */
const margins: Record<string, (career: Career) => string> = {
  gender: ({ covariates }) => covariates.gender ?? "",
  ethnicity: ({ covariates }) => covariates.ethnicity ?? "",
  region: ({ covariates }) => covariates.region ?? "",
  birthDecade: ({ covariates: { birthYear } }) =>
    birthYear === undefined ? "" : String(Math.floor(birthYear / 10)),
  education: ({ observations }) =>
    observations.findLast(({ education }) => education !== undefined)?.education ?? "",
};

/** Persons by which a margin of the target is drawn towards the collection's own, so that no weight is zero. */
const PRIOR_PERSONS = 1;
/** Least weight, of the mean: where margins contradict each other, as small samples' can, raking would end at zero. */
const LEAST = 0.01;
const ROUNDS = 500;
const CLOSE = 1e-10;

/**
 * Importance weights by raking (Deming and Stephan 1940): the weights, nearest to equal ones in relative entropy,
 * under which a collection's person-years have the target's shares by gender, ethnicity, region, decade of birth and
 * education. A covariate that the two have no value of in common is left out; values that the collection lacks
 * cannot be made up for. Each target share is drawn towards the collection's by one person's worth.
 * @returns (persons of the collection), the mean person-year's 1
 */
export function rakedWeights(collection: readonly Career[], target: readonly Career[]): number[] {
  const size = collection.map(({ observations }) => observations.length);
  const weights = new Float64Array(collection.length).fill(1);
  const cells = Object.values(margins).flatMap((of) => {
    const [ours, theirs] = [shares(collection, of), shares(target, of)];
    const known = [...ours.keys()].filter((value) => theirs.has(value));
    if (known.length === 0) return [];
    const mass = known.reduce((sum, value) => sum + theirs.get(value)!, 0);
    const prior = PRIOR_PERSONS / (PRIOR_PERSONS + target.length);
    const wanted = new Map(
      [...ours].map(([value, share]) => {
        const theirShare = (theirs.get(value) ?? 0) / mass;
        return [value, (1 - prior) * theirShare + prior * share] as const;
      }),
    );
    return [{ values: collection.map(of), wanted }];
  });
  for (let round = 0, change = Infinity; round < ROUNDS && change > CLOSE; round++) {
    change = 0;
    for (const { values, wanted } of cells) {
      const totals = new Map<string, number>();
      let all = 0;
      values.forEach((value, i) => {
        totals.set(value, (totals.get(value) ?? 0) + weights[i] * size[i]);
        all += weights[i] * size[i];
      });
      values.forEach((value, i) => {
        const factor = (wanted.get(value)! * all) / totals.get(value)!;
        change = Math.max(change, Math.abs(factor - 1));
        weights[i] *= factor;
      });
    }
  }
  const personYears = size.reduce((sum, n) => sum + n, 0);
  const scale = personYears / weights.reduce((sum, w, i) => sum + w * size[i], 0);
  return Array.from(weights, (w) => Math.max(LEAST, scale * w));
}

/** Equal persons that would tell as much as weighted ones (Kish 1965): (sum w)² / sum w². */
export function effectiveNumber(weights: readonly number[]): number {
  const sum = weights.reduce((total, w) => total + w, 0);
  return sum ** 2 / weights.reduce((total, w) => total + w * w, 0);
}

/** Shares of person-years. */
function shares(careers: readonly Career[], of: (career: Career) => string): Map<string, number> {
  const total = countPersonYears(careers);
  const found = new Map<string, number>();
  for (const career of careers) {
    const value = of(career);
    found.set(value, (found.get(value) ?? 0) + career.observations.length / total);
  }
  return found;
}
