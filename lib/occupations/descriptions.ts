import { readFileSync } from "node:fs";
import { UserError } from "../errors";
import { dataFile } from "../files";

/** A kind of work: one of the nine major groups of the census, with the title that the young men's survey uses. */
export interface OccupationGroup {
  /** One letter; the order of `groups.tsv` is of no meaning. */
  code: string;
  title: string;
  short: string;
  /** What its members do, to follow "people who". */
  description: string;
}

/** An occupation of occ1990dd (Autor and Dorn 2013), described in our own words. */
export interface DescribedOccupation {
  /** Code in occ1990dd. */
  code: number;
  /** Title in occ1990dd, obvious typing errors put right. */
  title: string;
  /** What one worker is called, lower case, the usual name first. */
  people: string[];
  group: OccupationGroup;
  /** 1 none needed, 2 high school, 3 trade or apprenticeship, 4 some college, 5 college, 6 graduate school. */
  schooling: number;
  /** What the workers do: verbs in the plural, in an order where a later one may refer to an earlier. */
  tasks: string[];
  tools: string;
  /** With its preposition. */
  place: string;
}

/**
 * The occupations that the base model reads about.
 * @throws UserError where a row of `data/base-model/*.tsv` is malformed, with file and line
 */
export function readDescribedOccupations(): DescribedOccupation[] {
  const groups = new Map(readOccupationGroups().map((group) => [group.code, group]));
  return readTable("occupations.tsv", 8).map(({ where, fields }) => {
    const [code, title, people, groupCode, schooling, tasks, tools, place] = fields;
    const group = groups.get(groupCode);
    if (group === undefined) throw new UserError(`${where}: no group "${groupCode}" in groups.tsv`);
    if (!/^[1-6]$/.test(schooling)) throw new UserError(`${where}: schooling "${schooling}" is not 1 to 6`);
    if (!/^\d+$/.test(code)) throw new UserError(`${where}: code "${code}" is not a number`);
    return {
      code: Number(code),
      title,
      people: people.split("/"),
      group,
      schooling: Number(schooling),
      tasks: tasks.split("; "),
      tools,
      place,
    };
  });
}

/**
 * The nine groups.
 * @throws UserError where a row of `data/base-model/groups.tsv` is malformed
 */
export function readOccupationGroups(): OccupationGroup[] {
  return readTable("groups.tsv", 4).map(({ fields: [code, title, short, description] }) => ({
    code,
    title,
    short,
    description,
  }));
}

function readTable(name: string, columns: number): { where: string; fields: string[] }[] {
  const lines = readFileSync(dataFile("base-model", name), "utf8").trimEnd().split("\n");
  return lines.slice(1).map((line, i) => {
    const where = `${name}:${i + 2}`;
    const fields = line.split("\t");
    if (fields.length !== columns || fields.some((field) => field.trim() === "")) {
      throw new UserError(`${where}: ${columns} non-empty columns expected`);
    }
    return { where, fields };
  });
}
