import { UserError } from "../../errors";
import { occupationSources, type Role } from "./codes";
import type { PsidExtract } from "./extract";
import type { Concept, PsidVariables } from "./variables";

/** Something that person-years are made of, and the variables of which one gives it. */
interface Need {
  /** What the variables give. */
  gives: string;
  anyOf: readonly Concept[];
  /** Without it, the wave has no person-years. */
  essential: boolean;
}

/** Which waves can be read, and what the others lack. */
export interface Waves {
  complete: number[];
  /** By wave: the variables that are missing, and what they would have given. */
  incomplete: Map<number, string[]>;
  /** Waves of which the individuals' file tells, and no family file; they are no part of the download. */
  withoutFamilies: number[];
}

const roleWords: Record<Role, string> = { reference: "reference person", spouse: "spouse or partner" };

function needs(roles: readonly Role[], separate: boolean): Need[] {
  const perRole = roles.flatMap((role): Need[] => [
    {
      gives: `occupation of the ${roleWords[role]}`,
      anyOf: occupationSources(role).map(({ concept }) => concept),
      essential: true,
    },
    { gives: `employment status of the ${roleWords[role]}`, anyOf: statusConcepts(role), essential: true },
  ]);
  const keys: Need[] = [
    { gives: "which family each individual is in", anyOf: ["interview"], essential: true },
    { gives: "which family a row of the family file is", anyOf: ["family_interview"], essential: true },
  ];
  return [
    ...(separate ? keys : []),
    { gives: "who is in the family", anyOf: ["sequence"], essential: true },
    { gives: "who is reference person, spouse or partner", anyOf: ["relation"], essential: true },
    ...perRole,
    { gives: "education", anyOf: ["schooling"], essential: false },
    { gives: "birth year", anyOf: ["birth_year", "age"], essential: false },
    { gives: "region", anyOf: ["state_fips", "state_psid", "region"], essential: false },
    { gives: "ethnicity", anyOf: ["reference_race"], essential: false },
    { gives: "gender", anyOf: ["sex"], essential: false },
  ];
}

/** A role's employment status, the best variable first. */
export function statusConcepts(role: Role): Concept[] {
  return [`${role}_status_first_mention`, `${role}_status`, "own_status"];
}

/**
 * Sorts the waves of a download: those of which it has nothing are no part of it.
 * @param missing "refuse" throws where a wave that is there in part lacks something essential, or no wave has something
 * @throws UserError naming what is missing and what it would have given; always where no wave can be read
 */
export function wavesOf(
  path: string,
  extract: PsidExtract,
  roles: readonly Role[],
  years: readonly [number, number],
  missing: "refuse" | "accept",
): Waves {
  const { variables } = extract;
  const complete: number[] = [];
  const incomplete = new Map<number, string[]>();
  const withoutFamilies: number[] = [];
  const wanted = needs(roles, extract.separate);
  const candidates = variables.waves.filter((year) => year >= years[0] && year <= years[1]);
  for (const year of candidates) {
    if (extract.separate && !extract.tellsFamilies(year)) {
      if (extract.has("relation", year)) withoutFamilies.push(year);
      continue;
    }
    const essential = wanted.filter((need) => need.essential && namesOf(variables, need, year).length > 0);
    const lacking = essential.filter(({ anyOf }) => !anyOf.some((concept) => extract.has(concept, year)));
    if (lacking.length === 0) complete.push(year);
    else if (lacking.length < essential.length) {
      incomplete.set(
        year,
        lacking.map((need) => missingIn(variables, need, year)),
      );
    }
  }
  const lost = [...incomplete].map(([year, lacking]) => `${year}: ${lacking.join(", ")}`);
  if (complete.length === 0) {
    const problem = lost.length === 0 ? nothing(withoutFamilies) : `missing: ${first(lost)}`;
    throw new UserError(`${path}: no wave from ${years[0]} to ${years[1]} can be read: ${problem}`, addThem);
  }
  if (missing === "refuse") {
    lost.push(...lostEverywhere(extract, wanted, complete));
    if (lost.length > 0) throw new UserError(`${path}: variables are missing: ${first(lost)}`, addThem);
  }
  return { complete, incomplete, withoutFamilies };
}

function nothing(withoutFamilies: readonly number[]): string {
  return withoutFamilies.length === 0
    ? "there are no variables of a wave"
    : `there is no family file of ${withoutFamilies.slice(0, 3).join(", ")}${withoutFamilies.length > 3 ? " …" : ""}`;
}

const addThem =
  'Add them to the cart at the Data Center (data/tagsets/psid.txt lists all), narrow the option "years", or set ' +
  '"missingVariables" to "accept".';

/** What no wave gives, although it does not stop one from being read. */
function lostEverywhere(
  extract: PsidExtract,
  wanted: readonly Need[],
  complete: readonly number[],
): string[] {
  return wanted
    .filter(({ essential, anyOf }) => {
      const there = (year: number) => anyOf.some((concept) => extract.has(concept, year));
      return !essential && !there(0) && !complete.some(there);
    })
    .map((need) => {
      const year = namesOf(extract.variables, need, 0).length > 0 ? 0 : complete[complete.length - 1];
      return `all waves: ${missingIn(extract.variables, need, year)}`;
    });
}

function namesOf(variables: PsidVariables, { anyOf }: Need, year: number): string[] {
  return anyOf.flatMap((concept) => variables.of(concept, year) ?? []);
}

function missingIn(variables: PsidVariables, need: Need, year: number): string {
  return `${namesOf(variables, need, year).join(" or ")} (${need.gives})`;
}

/** The first few of many. */
function first(items: readonly string[]): string {
  const shown = items.slice(0, 3).join("; ");
  return items.length > 3 ? `${shown}; and ${items.length - 3} more waves` : shown;
}
