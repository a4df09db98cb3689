import { type Career, type Covariates, genders, type Observation, validateHistory } from "../careers";
import { UserError } from "../errors";
import { quote } from "../quote";
import { phrases } from "./template";
import type { TitleWording } from "./titles";

/** What the text does not say about itself. */
export interface ParseOptions {
  /** Identifier to give the career; the text holds none. Empty by default. */
  person?: string;
  /** The wording the titles were written in; without it they are taken as they stand. */
  wording?: TitleWording;
}

/** What a text says. */
export interface ParsedCareer {
  career: Career;
  /** Absent where the text has no first line that names the survey. */
  surveyTag?: string;
}

/**
 * Reads a career back from its text: the inverse of `renderCareer` for every valid career whose covariates
 * were all shown. The end marker may be missing; nothing may follow it.
 * @throws UserError naming the line of the text that does not fit the template, or why the career is not valid
 */
export function parseCareer(text: string, options: ParseOptions = {}): ParsedCareer {
  const lines = new Lines(text);
  const surveyTag = lines.take((line) => between(line, ...phrases.tag));
  const covariates = lines.require(
    (line) => parsePerson(between(line, phrases.information, ".")),
    `"${phrases.information}a … ${phrases.worker}."`,
  );
  const birthYear = lines.take((line) => between(line, ...phrases.born));
  if (birthYear !== undefined) covariates.birthYear = Number(birthYear);
  const columns = lines.require(
    (line) => columnsOf(between(line, phrases.records, "")),
    `"${phrases.records}${phrases.columns.all}"`,
  );
  const tellsEducation = columns === phrases.columns.all;
  const observations: Observation[] = [];
  while (!lines.done && lines.take((line) => (line === phrases.end ? true : undefined)) === undefined) {
    observations.push(
      lines.require(
        (line) => parseObservation(line, tellsEducation, options.wording),
        tellsEducation
          ? '"YEAR (EDUCATION): TITLE" or "YEAR: TITLE"'
          : `"YEAR: TITLE", since the records are said to include ${phrases.columns.noEducation.slice(0, -1)} alone`,
      ),
    );
  }
  if (!lines.done) throw lines.mismatch("nothing after the end of data");
  const career: Career = { person: options.person ?? "", covariates, observations };
  validateHistory(career);
  return surveyTag === undefined ? { career } : { career, surveyTag };
}

/** What stands between a start and an end that a line has both of. */
function between(line: string, start: string, end: string): string | undefined {
  const fits = line.length >= start.length + end.length && line.startsWith(start) && line.endsWith(end);
  return fits ? line.slice(start.length, line.length - end.length) : undefined;
}

function columnsOf(words: string | undefined): string | undefined {
  return Object.values<string | undefined>(phrases.columns).includes(words) ? words : undefined;
}

/** "a female black worker residing in the south region" as covariates. */
function parsePerson(words: string | undefined): Covariates | undefined {
  if (words === undefined) return undefined;
  const [worker, region] = splitRegion(words.replace(/^an? /, ""));
  if (worker !== phrases.worker && !worker.endsWith(` ${phrases.worker}`)) return undefined;
  const who = worker.slice(0, -phrases.worker.length).trimEnd();
  const covariates: Covariates = {};
  const first = who.split(" ", 1)[0];
  if (genders.includes(first)) covariates.gender = first;
  const ethnicity = covariates.gender === undefined ? who : who.slice(first.length + 1);
  if (ethnicity !== "") covariates.ethnicity = ethnicity;
  if (region !== undefined) covariates.region = region;
  return covariates;
}

/** Splits at the first "worker residing in the": an ethnicity cannot contain it, a region may. */
function splitRegion(words: string): [string, string | undefined] {
  const [residing, region] = phrases.residing;
  const at = words.indexOf(phrases.worker + residing);
  if (at === -1 || !words.endsWith(region)) return [words, undefined];
  const end = at + phrases.worker.length;
  return [words.slice(0, end), words.slice(end + residing.length, -region.length)];
}

function parseObservation(
  line: string,
  tellsEducation: boolean,
  wording?: TitleWording,
): Observation | undefined {
  // The first "): " ends the education: it cannot contain one, a title may.
  const match = /^(\d{4})(?: \((.*?)\))?: (.*)$/u.exec(line);
  if (match === null) return undefined;
  const [, year, education, words] = match;
  if (education !== undefined && !tellsEducation) return undefined;
  const title = wording === undefined ? words : wording.read(words);
  return education === undefined ? { year: Number(year), title } : { year: Number(year), title, education };
}

/** The lines of a text, read one after the other. */
class Lines {
  private readonly lines: string[];
  private at = 0;

  constructor(text: string) {
    this.lines = text.split("\n");
    if (this.lines.at(-1) === "") this.lines.pop();
  }

  get done(): boolean {
    return this.at >= this.lines.length;
  }

  /** What a reader makes of the current line; the line is then read, unless the reader returns undefined. */
  take<T>(read: (line: string) => T | undefined): T | undefined {
    const value = this.done ? undefined : read(this.lines[this.at]);
    if (value !== undefined) this.at++;
    return value;
  }

  /** @throws UserError if the reader returns undefined or there is no line left */
  require<T>(read: (line: string) => T | undefined, expected: string): T {
    const value = this.take(read);
    if (value === undefined) throw this.mismatch(expected);
    return value;
  }

  mismatch(expected: string): UserError {
    const found = this.done ? "the text ends" : `found ${quote(this.lines[this.at])}`;
    return new UserError(
      `line ${this.at + 1} of the career's text: expected ${expected}, ${found}`,
      "The text must follow the template as renderCareer writes it.",
    );
  }
}
