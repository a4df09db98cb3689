import type { DescribedOccupation } from "../../../occupations";
import { Random } from "../../../random";

/** A made-up working life, from the unrepresentative law below. There are jobs only: no spell out of work. */
export interface Resume {
  gender: "female" | "male";
  ethnicity: string;
  region: string;
  birthYear: number;
  /** Schooling when the record starts and from `graduation` on, 1 to 6 as in `Occupation`. */
  schooling: [before: number, after: number];
  graduation: number;
  spells: { from: number; to: number; occupation: DescribedOccupation }[];
}

/** Who posts a résumé: far too many of the college-educated, far too few of the rest (levels 1 to 6). */
const schoolingWeights = [0.02, 0.1, 0.05, 0.15, 0.46, 0.22];
/** First jobs: professions, management, sales and offices are over-represented. */
const firstJobWeights: Record<string, number> = {
  P: 5,
  M: 4,
  S: 3,
  C: 2.5,
  K: 1,
  O: 0.7,
  L: 0.5,
  F: 0.3,
  V: 0.9,
};
/** Standing of the groups for "upward" moves. */
const standing: Record<string, number> = { F: 0, L: 1, O: 2, V: 2, K: 3, C: 3, S: 4, P: 5, M: 5 };
/** Weight of a job by how many levels the person's schooling is away from its usual one. */
const schoolingFit = [1, 0.5, 0.25, 0.12, 0.06, 0.03];
/** A year ends with a move this often: jobs last 2.4 years on average. Made up, as all numbers here. */
const moveProbability = 0.42;
const upwardWeight = 2.5;
const downwardWeight = 0.5;
const sameGroupWeight = 1.2;
const nearCodeWeight = 4;

/** Résumé i of the collection of this seed. */
export function drawResume(occupations: readonly DescribedOccupation[], seed: number, i: number): Resume {
  const random = new Random("resume", seed, i);
  const schooling = 1 + random.weighted(schoolingWeights);
  const start = 1950 + random.integer(66);
  const years = Math.min(3 + random.integer(16), 2023 - start);
  const late = schooling >= 4 && random.uniform() < 0.25;
  const graduation = start + (late ? 1 + random.integer(3) : 0);
  const spells: Resume["spells"] = [];
  let current: DescribedOccupation | undefined;
  for (let year = start; year < start + years; year++) {
    if (current !== undefined && random.uniform() >= moveProbability) {
      spells[spells.length - 1].to = year;
      continue;
    }
    current = nextJob(occupations, current, year < graduation ? schooling - 1 : schooling, random);
    spells.push({ from: year, to: year, occupation: current });
  }
  return {
    gender: random.uniform() < 0.5 ? "female" : "male",
    ethnicity: ["white", "black", "hispanic", "asian"][random.weighted([0.7, 0.12, 0.1, 0.08])],
    region: random.choice(["northeast", "north central", "midwest", "south", "west"]),
    birthYear: start - 12 - 2 * schooling - random.integer(8),
    schooling: [late ? schooling - 1 : schooling, schooling],
    graduation,
    spells,
  };
}

function nextJob(
  occupations: readonly DescribedOccupation[],
  from: DescribedOccupation | undefined,
  schooling: number,
  random: Random,
): DescribedOccupation {
  // A group's weight must not grow with the number of titles that the code book splits it into.
  const sizes = new Map<string, number>();
  for (const { group } of occupations) sizes.set(group.code, (sizes.get(group.code) ?? 0) + 1);
  const weights = occupations.map((to) => {
    const fit = schoolingFit[Math.abs(to.schooling - schooling)] / sizes.get(to.group.code)!;
    if (from === undefined) return fit * firstJobWeights[to.group.code];
    if (to === from) return 0;
    const rise = standing[to.group.code] - standing[from.group.code];
    const direction = rise > 0 ? upwardWeight : rise < 0 ? downwardWeight : 1;
    const group = to.group === from.group ? sameGroupWeight : 1;
    const near = Math.abs(to.code - from.code) <= 15 ? nearCodeWeight : 1;
    return fit * direction * group * near;
  });
  return occupations[random.weighted(weights)];
}
