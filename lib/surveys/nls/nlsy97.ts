import { likeliestVintage, type Vintage } from "../../occupations";
import type { Cohort } from "./cohort";
import type { LaborForceStatus } from "./labor-force";
import { type NlsPanel, readCohort } from "./read-cohort";
import type { Round } from "./rounds";
import { type NlsRules, nlsRules } from "./rules";
import { level97 } from "./schooling";

/** Rules that concern the NLSY97. */
export type Nlsy97Options = Partial<Omit<NlsRules, "job" | "mainJobCodes">>;

/**
 * Reads a download of the NLSY97 (8,984 persons born 1980 to 1984, interviewed every year from 1997 to 2011 and every
 * second year after; variables are known to us up to 2019) made from our tagset `data/tagsets/nlsy97.NLSY97`.
 * @param path zip archive, folder or data file
 * @param options rules of person-years; see `NlsRules`
 * @throws UserError if it is no such download, lacks the variables without which there are no careers, or is damaged
 */
export function readNlsy97(path: string, options: Nlsy97Options = {}): NlsPanel {
  return readCohort(path, cohort, nlsRules(options), (rounds, rules) => ({
    ...cohort,
    job: jobsBy(rules.occupationCodes === "likeliest" ? likeliest(rounds) : rules.occupationCodes),
  }));
}

const cohort: Cohort = {
  name: "nlsy97",
  tag: "NLSY97",
  persons: 8_984,
  ethnicities: { 1: "black", 2: "hispanic", 3: "mixed race", 4: "white" }, // 4 is "Non-Black / Non-Hispanic"
  otherEthnicity: 4,
  status: { ofWeek: statusOfWeek, ofRound: () => undefined },
  isEnrolled: (code) => code >= 8 && code <= 11,
  level: level97,
  job: jobsBy("census-2010"),
};

/** 9701 and more: an employer of the roster. 1, freelance work beside no job, tells no status. */
function statusOfWeek(code: number): LaborForceStatus | undefined {
  if (code >= 9701 || code === 3) return "work";
  if (code === 4) return "unemployed";
  if (code === 5) return "out";
  if (code === 6) return "military";
  return code === 2 ? "undetermined" : undefined;
}

/** The main job is at the place in the roster that CV_MAINJOB_FLG gives; without it, the first with an occupation. */
function jobsBy(vintage: Vintage): Cohort["job"] {
  return ({ occupations, mainJob }, row) => {
    const main = mainJob === undefined ? undefined : occupations[mainJob[row]];
    if (main !== undefined && main[row] > 0) return { code: main[row], vintage };
    const first = occupations.find((column) => column !== undefined && column[row] > 0);
    return first === undefined ? undefined : { code: first[row], vintage };
  };
}

/** Which list the file's codes are of: its variables say 2002 in either case. */
function likeliest(rounds: readonly Round[]): Vintage {
  function* codes() {
    for (const { occupations } of rounds) {
      for (const column of occupations) if (column !== undefined) yield* column;
    }
  }
  return likeliestVintage(codes(), ["census-2010", "census-2002"]).vintage;
}
