import { readFileSync } from "node:fs";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { occupations } from "labor-llm/dist/occupations/occupations";
import type { Random } from "labor-llm/dist/random";

/** By code of occ1990dd, the codes of a vintage that become it. */
type Inverse = ReadonlyMap<number, number[]>;

const inverses = new Map<string, Map<number, number[]>>();
const known = new Set(occupations.map(({ code }) => code));
for (const line of readFileSync(dataFile("occupations", "crosswalks.csv"), "utf8")
  .trim()
  .split("\n")
  .slice(1)) {
  const [vintage, code, target] = line.split(",");
  if (!known.has(Number(target)) || Number(code) === 0) continue;
  const inverse = inverses.get(vintage) ?? new Map<number, number[]>();
  inverse.set(Number(target), [...(inverse.get(Number(target)) ?? []), Number(code)]);
  inverses.set(vintage, inverse);
}

/** The occupation codes of a wave, and the one that means "not known". */
export function vintageOf(year: number): { codes: Inverse; unknown: number } {
  const vintage = year < 2003 ? "census-1970" : year < 2017 ? "census-2000" : "census-2010";
  return { codes: inverses.get(vintage) as Inverse, unknown: year < 2017 ? 999 : 9999 };
}

/** One of the codes of an occupation. */
export function codesOf(codes: Inverse, occupation: number, random: Random): number {
  return random.choice(codes.get(occupation) as number[]);
}

// First and last codes of the PSID's list of states by region.
const regions: Record<string, number[]> = {
  northeast: [6, 18, 20, 28, 29, 31, 37, 38, 44],
  "north central": [12, 13, 14, 15, 21, 22, 24, 26, 33, 34, 40, 48],
  south: [1, 3, 7, 8, 9, 10, 16, 17, 19, 23, 32, 35, 39, 41, 42, 45, 47],
  west: [2, 4, 5, 11, 25, 27, 30, 36, 43, 46, 49, 50, 51],
};

/** The region of a state's PSID code. */
export function regionOfPsidState(state: number): string {
  return Object.keys(regions).find((region) => regions[region].includes(state)) as string;
}

/** The code of a state's region in the PSID's region variable. */
export function regionCode(state: number): number {
  return state >= 50 ? 5 : Object.keys(regions).indexOf(regionOfPsidState(state)) + 1;
}

/** The FIPS code of a state's PSID code. */
export function fipsOf(state: number): number {
  if (state >= 50) return state === 50 ? 2 : 15;
  // FIPS codes that are no state's, or that of Alaska or Hawaii, are passed over.
  const skipped = [2, 3, 7, 14, 15, 43, 52];
  return Array.from({ length: 56 }, (_, i) => i + 1).filter((code) => !skipped.includes(code))[state - 1];
}
