import { vintageOf } from "../../occupations";
import type { CodedJob, Cohort } from "./cohort";
import type { LaborForceStatus } from "./labor-force";
import { type NlsPanel, readCohort } from "./read-cohort";
import type { Round } from "./rounds";
import { type NlsRules, nlsRules } from "./rules";
import { level79 } from "./schooling";

/** Rules that concern the NLSY79. */
export type Nlsy79Options = Partial<Omit<NlsRules, "occupationCodes">>;

const cohort: Cohort = {
  name: "nlsy79",
  tag: "NLSY79",
  persons: 12_686,
  ethnicities: { 1: "hispanic", 2: "black", 3: "white" }, // 3 is "non-black, non-Hispanic": see the rule
  otherEthnicity: 3,
  status: { ofWeek: statusOfWeek, ofRound: statusInRound },
  // 1 and 4 are not enrolled, without and with a diploma; 2 in high school, 3 in college.
  isEnrolled: (code) => code === 2 || code === 3,
  level: level79,
  job,
};

/**
 * Reads a download of the NLSY79 (12,686 persons born 1957 to 1964, interviewed every year from 1979 to 1994 and every
 * second year after; occupations are known to us up to 2014) made from our tagset `data/tagsets/nlsy79.NLSY79`.
 * @param path zip archive, folder or data file
 * @param options rules of person-years; see `NlsRules`
 * @throws UserError if it is no such download, lacks the variables without which there are no careers, or is damaged
 */
export function readNlsy79(path: string, options: Nlsy79Options = {}): NlsPanel {
  return readCohort(path, cohort, nlsRules(options));
}

/** 100 and more: the round times 100, plus the number of the job. */
function statusOfWeek(code: number): LaborForceStatus | undefined {
  if (code >= 100 || code === 3) return "work";
  if (code === 4) return "unemployed";
  if (code === 5) return "out";
  if (code === 7) return "military";
  return code === 2 ? "undetermined" : undefined;
}

const inRound: Record<number, LaborForceStatus> = { 1: "work", 2: "unemployed", 3: "out", 4: "military" };

function statusInRound(code: number): LaborForceStatus | undefined {
  return inRound[code];
}

function job(round: Round, row: number, rules: NlsRules, rounds: readonly Round[]): CodedJob | undefined {
  if (rules.job === "most-weeks") {
    const found = ofMostWeeks(round, row, rules, rounds);
    if (found !== undefined) return found;
  }
  const main = mainJob(round, row, rules);
  if (main !== undefined) return main;
  for (let item = 1; item < round.occupations.length; item++) {
    const found = coded(round.occupations[item], row, round.year, "OCCALL");
    if (found !== undefined) return found;
  }
  return rules.job === "main" ? ofMostWeeks(round, row, rules, rounds) : undefined;
}

/**
 * The job of most weeks of the year, which may be one that only the next round asks about: the weekly array's code is
 * the round times 100, plus the number of the job in that round.
 */
function ofMostWeeks(
  round: Round,
  row: number,
  rules: NlsRules,
  rounds: readonly Round[],
): CodedJob | undefined {
  const counts = new Map<number, number>();
  let most = 0;
  for (const week of round.weeks) {
    const code = week[row];
    if (code < 100) continue;
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (count > (counts.get(most) ?? 0)) most = code;
  }
  const asked = rounds[Math.floor(most / 100) - 1];
  return asked === undefined ? undefined : occupationOf(asked, row, most % 100, rules);
}

/** Up to 1993 the main job's occupation is asked under CPS, and left out under the job's own number. */
function occupationOf(round: Round, row: number, item: number, rules: NlsRules): CodedJob | undefined {
  const own = coded(round.occupations[item], row, round.year, "OCCALL");
  if (own !== undefined) return own;
  const isMain = round.isMain[item]?.[row];
  return isMain === 1 || (isMain === undefined && item === 1) ? mainJob(round, row, rules) : undefined;
}

function mainJob(round: Round, row: number, rules: NlsRules): CodedJob | undefined {
  const by1980 = coded(round.mainOccupation1980, row, round.year, "CPSOCC80");
  if (rules.mainJobCodes === "census-1980" && by1980 !== undefined) return by1980;
  const by1970 = coded(round.mainOccupation, row, round.year, "CPSOCC70");
  // From 1994 the first job of the round is the main job.
  return by1970 ?? (round.year >= 1994 ? coded(round.occupations[1], row, round.year, "OCCALL") : undefined);
}

function coded(
  column: Int32Array | undefined,
  row: number,
  year: number,
  variable: string,
): CodedJob | undefined {
  if (column === undefined || column[row] <= 0) return undefined;
  return { code: column[row], vintage: vintageOf({ survey: "NLSY79", year, variable }) };
}
