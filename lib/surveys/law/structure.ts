import { UserError } from "../../errors";
import { dataFile, readCsv } from "../../files";
import { occupations } from "../../occupations";
import { occupationWords } from "./occupation-words";
import type { LawStructure } from "./parameters";

let known: LawStructure | undefined;

/** The 332 occupations as the law sees them: Dorn's 26 major groups, vocations, schooling, nearness in words. */
export function lawStructure(): LawStructure {
  known ??= readStructure();
  return known;
}

function readStructure(): LawStructure {
  const table = readCsv(dataFile("law", "vocations.csv"));
  const [first, last, name] = ["first_code", "last_code", "vocation"].map((column) => table.columnOf(column));
  const ranges = table.rows.map((row) => ({
    from: Number(row[first]),
    to: Number(row[last]),
    name: row[name],
  }));
  const vocations = [...new Set(ranges.map((range) => range.name))].sort();
  const groups = [...new Set(occupations.map(({ majorGroup }) => majorGroup))];
  const words = occupationWords();
  return {
    titles: occupations.map(({ title }) => title),
    groups,
    vocations,
    groupOf: occupations.map(({ majorGroup }) => groups.indexOf(majorGroup)),
    vocationOf: occupations.map(({ code }) => {
      const range = ranges.find(({ from, to }) => from <= code && code <= to);
      if (range === undefined) throw new UserError(`${table.path}: occupation ${code} has no vocation`);
      return vocations.indexOf(range.name);
    }),
    schoolingOf: words.schooling,
    neighbours: words.neighbours,
  };
}
