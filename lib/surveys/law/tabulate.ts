import { occupations } from "../../occupations";
import { Random } from "../../random";
import type { CareerLaw } from "./career-law";
import {
  ageBandOf,
  IN_EDUCATION,
  JOB,
  lawEthnicities,
  lawGenders,
  lawRegions,
  lifeAgeOf,
} from "./parameters";
import type { LawPerson } from "./person";
import { type LawYear, Simulator } from "./simulate";

/** Counts by table, what is given, and outcome; `n` is the number of the given. */
export type Tables = Map<string, Map<string, { n: number; cells: Map<string, number> }>>;

/** A person's covariates and life, unobserved years and all. */
export interface LawLife {
  person: LawPerson;
  life: LawYear[];
}

/** Lives of a cohort like that of NLSY97: its shares of covariates, born 1980 to 1984, every year 1997 to 2021. */
export function simulateCohort(law: CareerLaw, persons: number, key: string | number): LawLife[] {
  const simulator = new Simulator(law);
  return Array.from({ length: persons }, (_, i) => {
    const random = new Random("cohort", key, i);
    const person: LawPerson = {
      gender: random.weighted([0.49, 0.51]),
      ethnicity: random.weighted([0.51, 0.27, 0.22]),
      region: random.weighted([0.165, 0.22, 0.385, 0.23]),
      birthYear: 1980 + random.integer(5),
    };
    return { person, life: simulator.life(person, 1997, 2021, random) };
  });
}

/**
 * Lives tabulated as data/scripts/law-calibration.mjs tabulates the real cohort: both columns of the comparison come
 * from the same definitions. Unemployed and not in the labor force are one state there, so here too.
 */
export function tabulate(law: CareerLaw, lives: readonly LawLife[]): Tables {
  const tables: Tables = new Map();
  const { groupOf, groups, schoolingOf, neighbours } = law.structure;
  const count = (table: string, given: string | number, outcome: string | number) => {
    let byGiven = tables.get(table);
    if (byGiven === undefined) {
      byGiven = new Map();
      tables.set(table, byGiven);
    }
    let entry = byGiven.get(String(given));
    if (entry === undefined) {
      entry = { n: 0, cells: new Map() };
      byGiven.set(String(given), entry);
    }
    entry.n++;
    entry.cells.set(String(outcome), (entry.cells.get(String(outcome)) ?? 0) + 1);
  };
  const near = groupOf.map(
    (_, o) => new Set(neighbours.to.subarray(neighbours.from[o], neighbours.from[o + 1])),
  );
  for (const { person, life } of lives) {
    const sex = lawGenders[person.gender];
    const race = lawEthnicities[person.ethnicity];
    const region = lawRegions[person.region];
    let tenure = 0;
    let last = -1;
    let before: { slot: number; kind: string; education: number } | undefined;
    for (const { year, slot, education } of life) {
      const age = year - person.birthYear;
      const band = ageBandOf(age);
      const kind = wordsOf(law.kindOf(slot));
      count("kind by age and sex", `${band}|${sex}`, kind);
      if (age >= 18) {
        count("kind by education", education, kind);
        count("kind by ethnicity", race, kind);
      }
      count("education by age and sex", `${band}|${sex}`, education);
      if (age >= 27) count("education by ethnicity, age 27 on", race, education);
      const working = kind === "job";
      if (working) {
        const group = groups[groupOf[slot]];
        count("title by sex", sex, occupations[slot].code);
        count("schooling of the job by education", education, schoolingOf[slot]);
        count("group by age", lifeAgeOf(age), group);
        count("group by ethnicity", race, group);
        count("group by region", region, group);
        count("group by ethnicity and region", `${race}|${region}`, group);
        count("group by sex and education", `${sex}|${education}`, group);
      }
      if (before !== undefined) {
        count("next kind by kind, age and sex", `${before.kind}|${band}|${sex}`, kind);
        if (before.kind === "job") {
          if (age >= 18) {
            count("leaves work, by education", before.education, working ? 0 : 1);
            count("leaves work, by ethnicity", race, working ? 0 : 1);
            count("leaves work, by tenure", Math.min(tenure, 5), working ? 0 : 1);
          }
          if (working) {
            const stays = slot === before.slot ? 1 : 0;
            const from = groups[groupOf[before.slot]];
            count("stays, by tenure", Math.min(tenure, 5), stays);
            count("stays, by age and sex", `${band}|${sex}`, stays);
            count("stays, by education", education, stays);
            count("stays, by group", from, stays);
            if (stays === 0) {
              count("group after a move", from, groups[groupOf[slot]]);
              count("moves to a neighbour in words", "all", near[before.slot].has(slot) ? 1 : 0);
            }
          }
        } else if (working && last >= 0) {
          count("returns to the last occupation", before.kind, slot === last ? 1 : 0);
        }
      }
      tenure = before?.slot === slot ? tenure + 1 : 1;
      if (working) last = slot;
      before = { slot, kind, education };
    }
  }
  return tables;
}

function wordsOf(kind: number): string {
  return kind === JOB ? "job" : kind === IN_EDUCATION ? "in education" : "not employed";
}
