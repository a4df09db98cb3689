import { type Crosswalk, crosswalk } from "./crosswalk";
import type { Vintage } from "./crosswalk-tables";

/** How many of the coded person-years a crosswalk takes to an occupation. */
export interface CrosswalkCoverage {
  vintage: Vintage;
  /** Person-years with a code: above 0, or 0 where that is an occupation. */
  coded: number;
  /** Those of them whose code has an occupation. */
  mapped: number;
  /** `mapped / coded`; 1 where nothing is coded. */
  share: number;
  /** The codes without an occupation, the most frequent first. */
  unmapped: { code: number; count: number }[];
}

/**
 * @param codes one code a person-year; negative ones and 0 are missing
 * @param by a vintage, or a crosswalk with its options
 */
export function crosswalkCoverage(codes: Iterable<number>, by: Vintage | Crosswalk): CrosswalkCoverage {
  return coverageOf(counts(codes), typeof by === "string" ? crosswalk(by) : by);
}

/**
 * The vintage, of those given, that maps most of the codes; the first of them on a tie. Files of the NLSY97 need it:
 * their variables say 2002 whether they hold the list of 2002 or that of 2010.
 */
export function likeliestVintage(codes: Iterable<number>, among: readonly Vintage[]): CrosswalkCoverage {
  const counted = counts(codes);
  return among
    .map((vintage) => coverageOf(counted, crosswalk(vintage)))
    .reduce((best, other) => (other.mapped > best.mapped ? other : best));
}

function counts(codes: Iterable<number>): Map<number, number> {
  const counted = new Map<number, number>();
  for (const code of codes) counted.set(code, (counted.get(code) ?? 0) + 1);
  return counted;
}

function coverageOf(
  counted: ReadonlyMap<number, number>,
  { vintage, toOccupation }: Crosswalk,
): CrosswalkCoverage {
  let mapped = 0;
  let coded = 0;
  const unmapped: { code: number; count: number }[] = [];
  for (const [code, count] of counted) {
    if (toOccupation(code) !== undefined) mapped += count;
    else if (code > 0) unmapped.push({ code, count });
    else continue;
    coded += count;
  }
  unmapped.sort((a, b) => b.count - a.count || a.code - b.code);
  return { vintage, coded, mapped, share: coded === 0 ? 1 : mapped / coded, unmapped };
}
