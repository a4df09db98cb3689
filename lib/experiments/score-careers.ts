import { type Career, yearProblem } from "../careers";
import { UserError } from "../errors";
import { type ColumnKind, checkOutputFile, isRowsFile, rowsWriter } from "../files";
import type { TitleSet } from "../occupations";
import type { OccupationModel, TitleDistribution } from "../predictions";
import { clip, quote } from "../quote";
import { checkWhole, counts } from "../ranges";

export interface ScoreOptions {
  /** Only so many titles of a person-year, the most probable. Default: all. */
  top?: number;
  /**
   * Predict this year of each person instead of those in the file, after all that the file tells of the person
   * before it; education is taken from the last observation.
   */
  next?: number;
  /** Files and folders that careers and model were read from: the output is none of them, and in none of them. */
  inputs?: readonly string[];
  /** Replaces a file that `scoreCareers` did not write. */
  force?: boolean;
  onProgress?: (done: number, total: number) => void;
}

/** Persons predicted at a time: what memory holds of the distributions. */
const PERSONS = 64;

const columns: Record<string, ColumnKind> = {
  person: "text",
  year: "integer",
  title: "text",
  probability: "number",
  normalised: "number",
  observed: "integer",
};

/**
 * Writes a model's distributions for some careers, a row for each person-year and title: the probability as the
 * model gives it, the same over the mass on all titles, and whether the title is the one that happened. Memory does
 * not grow with the number of careers.
 * @param path a CSV file, or Parquet where it ends in `.parquet`
 * @returns the number of person-years
 * @throws UserError if a title is none of the model's, `next` is no year of four digits or nobody has a year before it,
 * the file cannot be written, or one stands there that may not be replaced
 */
export async function scoreCareers(
  model: OccupationModel,
  titles: TitleSet,
  careers: readonly Career[],
  path: string,
  options: ScoreOptions = {},
): Promise<number> {
  const { top = titles.size, next, onProgress } = options;
  checkWhole("top", top, counts);
  const wrongYear = next === undefined ? undefined : yearProblem("year", next);
  if (wrongYear !== undefined) throw new UserError(`next: ${wrongYear.problem}`, wrongYear.remedy);
  checkScoreFile(path, options);
  checkTitles(careers, titles);
  const asked = next === undefined ? careers : careers.flatMap((career) => upTo(career, next, titles));
  if (asked.length === 0) {
    throw new UserError(
      next === undefined ? "there are no careers to score" : `nobody was observed before ${next}`,
      "Give careers of at least one person-year.",
    );
  }
  const file = rowsWriter(path, columns);
  let personYears = 0;
  try {
    for (let from = 0; from < asked.length; from += PERSONS) {
      const batch = asked.slice(from, from + PERSONS);
      const distribution = await model.predict(batch);
      const rows = next === undefined ? allRows(distribution) : lastRows(distribution);
      file.write(columnsOf(distribution, rows, batch, top, next === undefined));
      personYears += rows.length;
      onProgress?.(from + batch.length, asked.length);
    }
    file.commit();
  } finally {
    file.discard();
  }
  return personYears;
}

/** Checks, before any work, that a file of scores may be written. @throws UserError */
export function checkScoreFile(
  path: string,
  { inputs, force }: Pick<ScoreOptions, "inputs" | "force">,
): void {
  checkOutputFile(path, { inputs, force, isOurs: (there) => isRowsFile(there, columns) });
}

function checkTitles(careers: readonly Career[], titles: TitleSet): void {
  for (const { person, observations } of careers) {
    const wrong = observations.find(({ title }) => !titles.has(title));
    if (wrong === undefined) continue;
    throw new UserError(
      `person ${clip(person)}, ${wrong.year}: ${quote(wrong.title)} is none of the model's ${titles.size} titles`,
      "Code the careers as the survey's that the model was fitted on.",
    );
  }
}

/** A career before a year and that year, with a title that stands for nothing: predictions do not see it. */
function upTo(career: Career, next: number, titles: TitleSet): Career[] {
  const observations = career.observations.filter(({ year }) => year < next);
  if (observations.length === 0) return [];
  const { education } = observations[observations.length - 1];
  return [{ ...career, observations: [...observations, { year: next, title: titles.titles[0], education }] }];
}

function allRows({ observed }: TitleDistribution): number[] {
  return Array.from(observed, (_, n) => n);
}

function lastRows({ person }: TitleDistribution): number[] {
  return [...person.keys()].filter((n) => person[n + 1] !== person[n]);
}

function columnsOf(
  { titles, logProbability, validMass, observed, person, year }: TitleDistribution,
  rows: readonly number[],
  careers: readonly Career[],
  top: number,
  known: boolean,
) {
  const J = titles.size;
  const cells: Record<string, (string | number | null)[]> = Object.fromEntries(
    Object.keys(columns).map((name) => [name, []]),
  );
  for (const n of rows) {
    const logP = logProbability.subarray(n * J, (n + 1) * J); // (J)
    const order = Array.from(logP, (_, j) => j).sort((a, b) => logP[b] - logP[a] || a - b);
    for (const j of top < J ? order.slice(0, top) : logP.keys()) {
      const probability = Math.exp(logP[j]);
      cells.person.push(careers[person[n]].person);
      cells.year.push(year[n]);
      cells.title.push(titles.titles[j]);
      cells.probability.push(rounded(probability));
      cells.normalised.push(rounded(probability / validMass[n]));
      cells.observed.push(known ? Number(observed[n] === j) : null);
    }
  }
  return cells;
}

/** Probabilities are known in single precision: more digits would say nothing. */
function rounded(probability: number): number {
  return Number(probability.toPrecision(7));
}
