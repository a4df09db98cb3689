import { type Career, type CareerPanel, type Observation, RowAccount, withWhatItTells } from "../../careers";
import { UserError } from "../../errors";
import { laborTitles } from "../../occupations";
import { absence, educationLevel, notInWave, type Role, roleOf } from "./codes";
import { PsidExtract } from "./extract";
import { wavesOf } from "./needs";
import { type PsidRules, psidRules } from "./options";
import { Persons } from "./persons";
import { readPsidTables } from "./table";
import { type NoTitle, OccupationTitles, RoleTitles } from "./titles";
import { readPsidVariables } from "./variables";

/** Rules that differ from `psidRules`; of `statuses`, only those that differ. */
export type PsidOptions = Partial<Omit<PsidRules, "statuses">> & {
  statuses?: Partial<PsidRules["statuses"]>;
};

/** A wave's person-years by individual. */
interface Wave {
  year: number;
  /** Index of the title; -1 for none. */
  titles: Int16Array;
  /** Years of schooling told so far; 0 for none. */
  schooling: Uint8Array;
  weights?: Float32Array;
}

const reasons: Record<Exclude<NoTitle, "no occupation">, string> = {
  "status unknown": "with no known employment status or job",
  "status dropped": "with an employment status that is dropped",
  "occupation unknown": "with a job whose occupation is not coded",
};

/**
 * Reads careers from a PSID Data Center download: one merged extract, or a file of individuals with family files. A
 * person-year is a wave in which a person is reference person ("head" until 2015), spouse or partner in a family that
 * was interviewed: waves are annual to 1997 and biennial after. The rules are `psidRules`. Occupations become titles of
 * occ1990dd through the Census codes of 1970 (to 2001; for 1968 to 1980 those coded in retrospect), 2000 (2003 to 2015)
 * and 2010 (from 2017). Gender, ethnicity (Hispanic where any answer says so, else the first race told) and region (of
 * the first person-year that has one) are static.
 * @param path a folder, a zip, or the data file
 * @returns the panel "psid"; its rows are individuals times waves
 * @throws UserError for variables that are missing (see `PsidRules.missingVariables`), and with file and line for
 * whatever is wrong in a file
 */
export function readPsid(path: string, options: PsidOptions = {}): CareerPanel {
  const rules = { ...psidRules, ...options, statuses: { ...psidRules.statuses, ...options.statuses } };
  const variables = rules.variables ?? readPsidVariables();
  const extract = new PsidExtract(path, readPsidTables(path, variables.all), variables);
  const ids = extract.persons();
  const roles: Role[] = rules.who === "reference persons" ? ["reference"] : ["reference", "spouse"];
  const { complete, incomplete, withoutFamilies } = wavesOf(
    path,
    extract,
    roles,
    rules.years,
    rules.missingVariables,
  );
  const titles = laborTitles();
  const account = new RowAccount("person-waves");
  for (const [year, lacking] of incomplete) {
    account.drop(`of wave ${year}, which lacks ${lacking.join(", ")}`, extract.rows);
  }
  account.note(
    withoutFamilies.length,
    `waves have no family file and are left out: ${ranges(withoutFamilies, variables.waves)}`,
  );
  const persons = new Persons(extract, rules);
  const occupations = new OccupationTitles(titles);
  const waves: Wave[] = [];
  // Waves that have no person-years may still tell a birth year or schooling.
  for (const year of variables.waves) {
    persons.takeWave(year);
    if (complete.includes(year))
      waves.push(readWave(extract, year, rules, roles, occupations, persons, account));
  }
  for (const { reason, rows } of occupations.strange) account.drop(reason, rows);
  const careers: Career[] = [];
  for (let i = 0; i < ids.length; i++) {
    const career = careerOf(i, ids[i], waves, persons, rules, titles.titles, account);
    if (career !== undefined) careers.push(career);
  }
  if (careers.length === 0) {
    const why = account.dropped.map(({ reason, rows }) => `${rows} ${reason}`).join("; ");
    throw new UserError(`${path}: no person-year is left: ${why}`, "Check the rules and the download.");
  }
  return withWhatItTells({ name: "psid", surveyTag: "PSID", titles, careers, rows: account });
}

/** Waves as "1968 to 1988, 1991": runs of those that follow each other. */
function ranges(years: readonly number[], waves: readonly number[]): string {
  const runs: number[][] = [];
  for (const year of years) {
    const run = runs.at(-1);
    if (run !== undefined && waves.indexOf(year) === waves.indexOf(run.at(-1)!) + 1) run.push(year);
    else runs.push([year]);
  }
  return runs.map((run) => (run.length > 1 ? `${run[0]} to ${run.at(-1)}` : String(run[0]))).join(", ");
}

function readWave(
  extract: PsidExtract,
  year: number,
  rules: PsidRules,
  roles: readonly Role[],
  occupations: OccupationTitles,
  persons: Persons,
  account: RowAccount,
): Wave {
  const relation = extract.values("relation", year);
  // The first wave has no sequence numbers: all its individuals are present.
  const sequence = extract.values("sequence", year);
  const weights = rules.weights ? extract.values("weight", year) : undefined;
  const byRole = {
    reference: new RoleTitles(extract, "reference", year, rules, occupations),
    spouse: new RoleTitles(extract, "spouse", year, rules, occupations),
  };
  const follow = persons.follower(year);
  const wave: Wave = {
    year,
    titles: new Int16Array(extract.rows).fill(-1),
    schooling: persons.schooling.slice(),
    weights: weights === undefined ? undefined : new Float32Array(extract.rows).fill(Number.NaN),
  };
  const dropped = new Map<string, number>();
  const drop = (reason: string) => dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
  for (let i = 0; i < extract.rows; i++) {
    const code = relation?.at(i) ?? Number.NaN;
    const absent = sequence === undefined ? undefined : absence(sequence.at(i));
    if (absent !== undefined || !(code > 0)) {
      drop(absent ?? notInWave);
      continue;
    }
    const role = roleOf(code, year);
    if (role === undefined || !roles.includes(role)) {
      drop(
        role === undefined
          ? "neither reference person nor spouse or partner"
          : "spouses, who are not followed",
      );
      continue;
    }
    const title = byRole[role].of(i);
    if (typeof title === "number") {
      wave.titles[i] = title;
      if (wave.weights !== undefined) wave.weights[i] = weights?.at(i) ?? Number.NaN;
      follow(i, role);
    } else if (title !== "no occupation") drop(reasons[title]);
  }
  for (const [reason, rows] of dropped) account.drop(reason, rows);
  return wave;
}

function careerOf(
  i: number,
  id: number,
  waves: readonly Wave[],
  persons: Persons,
  rules: PsidRules,
  titles: readonly string[],
  account: RowAccount,
): Career | undefined {
  const birthYear = persons.birthYear(i);
  const observations: Observation[] = [];
  for (const wave of waves) {
    if (wave.titles[i] === -1) continue;
    const { year } = wave;
    let grades = wave.schooling[i];
    if (grades === 0 && birthYear !== undefined && year - birthYear >= rules.schoolingBeforeFrom) {
      grades = persons.firstSchooling[i];
    }
    const observation: Observation = { year, title: titles[wave.titles[i]] };
    const education = educationLevel(grades);
    if (education !== undefined) observation.education = education;
    const weight = wave.weights?.[i] ?? Number.NaN;
    if (weight >= 0) observation.weight = weight;
    observations.push(observation);
  }
  if (observations.length === 0) return undefined;
  if (birthYear !== undefined && birthYear > observations[0].year) {
    account.drop("of persons born after their first person-year", observations.length);
    return undefined;
  }
  account.use(observations.length);
  return { person: String(id), covariates: persons.covariates(i), observations };
}
