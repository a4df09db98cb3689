import { dataFile, readCsv } from "../files";
import { specialStateTitles } from "./special-states";
import { TitleSet } from "./title-set";

/** An occupation of occ1990dd (Autor and Dorn 2013), which is comparable from the Census of 1960 to that of 2010. */
export interface Occupation {
  /** Code of occ1990dd, 4 to 905. */
  code: number;
  title: string;
  /** One of 26: Dorn's groups of level 2, with those of level 3 for services, and the military. */
  majorGroup: string;
  /** One of 7: Dorn's six groups of level 1, and the military. */
  broadGroup: string;
}

/** The 332 occupations in order of code; their source is told in data/occupations/README.md. */
export const occupations: readonly Occupation[] = readOccupations();

const byCode = new Map(occupations.map((occupation) => [occupation.code, occupation]));

/** The occupation of a code of occ1990dd; undefined if the code is none of the 332. */
export function occupationByCode(code: number): Occupation | undefined {
  return byCode.get(code);
}

/** The titles of LABOR-LLM: those of the 332 occupations in order of code, then the three special states. */
export function laborTitles(): TitleSet {
  return new TitleSet([...occupations.map(({ title }) => title), ...specialStateTitles]);
}

function readOccupations(): Occupation[] {
  const table = readCsv(dataFile("occupations", "occ1990dd.csv"));
  const [code, title, majorGroup, broadGroup] = ["code", "title", "major_group", "broad_group"].map((name) =>
    table.columnOf(name),
  );
  return table.rows.map((row) => ({
    code: Number(row[code]),
    title: row[title],
    majorGroup: row[majorGroup],
    broadGroup: row[broadGroup],
  }));
}
