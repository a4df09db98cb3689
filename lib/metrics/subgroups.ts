import { type Career, educationLevels, type Observation } from "../careers";
import { UserError } from "../errors";

/** What persons are grouped by; education is that of the year. */
export type GroupField = "gender" | "ethnicity" | "region" | "education";

/** Person-years of a group of persons, or of a crossing of several. */
export interface Subgroup {
  /** For example "female" or "female, black". */
  name: string;
  /** For example "gender" or "gender × ethnicity". */
  of: string;
  persons: number;
  /** Rows of a distribution over the same careers, ascending. */
  rows: Int32Array;
}

export interface SubgroupOptions {
  /** Default gender, ethnicity, education. */
  fields?: readonly GroupField[];
  /** Fewest persons with a person-year in a group. Default 50. */
  minPersons?: number;
  /** Most fields that are crossed. Default all. */
  depth?: number;
}

/** The groups that are large enough, and the names of those that are not. */
export interface Subgroups {
  groups: Subgroup[];
  tooSmall: { name: string; of: string; persons: number }[];
}

/**
 * Groups of person-years by each field and by every crossing of fields. A field that does not vary makes no groups; a
 * person-year whose value is missing is in no group of that field.
 * @param careers as they were predicted: row n of the distribution is their n-th person-year
 * @throws UserError if `minPersons` or `depth` is not a whole number of at least 1
 */
export function subgroupsOf(careers: readonly Career[], options: SubgroupOptions = {}): Subgroups {
  const { fields = ["gender", "ethnicity", "education"], minPersons = 50, depth = fields.length } = options;
  for (const [name, value] of Object.entries({ minPersons, depth })) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new UserError(`${name} is ${value}`, "Give a whole number of at least 1.");
    }
  }
  const rows = careers.flatMap((career, person) =>
    career.observations.map((observation) => ({
      person,
      values: Object.fromEntries(fields.map((field) => [field, fieldOf(career, observation, field)])),
    })),
  );
  const varying = fields.filter(
    (field) => new Set(rows.map(({ values }) => values[field]).filter((v) => v !== undefined)).size > 1,
  );
  const found: Subgroups = { groups: [], tooSmall: [] };
  for (const crossing of crossings(varying).filter(({ length }) => length <= depth)) {
    const of = crossing.join(" × ");
    const members = new Map<string, number[]>();
    rows.forEach(({ values }, n) => {
      if (crossing.some((field) => values[field] === undefined)) return;
      const name = crossing.map((field) => values[field]).join(", ");
      const own = members.get(name) ?? [];
      members.set(name, own);
      own.push(n);
    });
    for (const name of [...members.keys()].sort(byLevel)) {
      const own = Int32Array.from(members.get(name)!);
      const persons = new Set(Array.from(own, (n) => rows[n].person)).size;
      if (persons >= minPersons) found.groups.push({ name, of, persons, rows: own });
      else found.tooSmall.push({ name, of, persons });
    }
  }
  return found;
}

function fieldOf({ covariates }: Career, { education }: Observation, field: GroupField): string | undefined {
  return field === "education" ? education : covariates[field];
}

/** Names part by part: levels of education from the lowest, all else by the alphabet. */
function byLevel(a: string, b: string): number {
  const [own, other] = [a.split(", "), b.split(", ")];
  const at = own.findIndex((part, i) => part !== other[i]);
  const level = (part: string) => (educationLevels as readonly string[]).indexOf(part);
  return level(own[at]) - level(other[at]) || (own[at] < other[at] ? -1 : 1);
}

/** Every non-empty choice of fields: single ones first, then pairs, and so on. */
function crossings(fields: readonly GroupField[]): GroupField[][] {
  let all: GroupField[][] = [[]];
  for (const field of fields) all = all.concat(all.map((one) => [...one, field]));
  return all.filter(({ length }) => length > 0).sort((a, b) => a.length - b.length);
}
