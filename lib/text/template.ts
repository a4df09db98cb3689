import type { Career, Covariates } from "../careers";
import { type TitleWording, titleText } from "./titles";

/** The covariates of the text; each may be left out. */
export const textCovariates = ["gender", "ethnicity", "region", "birthYear", "education"] as const;
export type TextCovariate = (typeof textCovariates)[number];

/** What the text of a career shows; by default everything known, titles literally. */
export interface TemplateOptions {
  /** The survey named in the first line; without it there is no such line. */
  surveyTag?: string;
  /**
   * Covariates to leave out, as if they were missing. Without education the text's head does not name it: leave it out
   * where no one in the panel has one (`templateOf` does), not where this person has none, which the head must not tell.
   */
  omit?: readonly TextCovariate[];
  /** How titles are worded; without it, as they are. */
  wording?: TitleWording;
  /** Whether the last line is `<END OF DATA>`; true by default. */
  endMarker?: boolean;
}

/** Offsets into the text, in UTF-16 units as JavaScript counts: from the boundary space to after the line's end. */
export interface TitleSpan {
  start: number;
  end: number;
}

/** A career's text, and where in it each observation's title stands. */
export interface CareerSegments {
  text: string;
  /** One per observation, in order; `text.slice(start, end)` is the title's `titleText`. */
  titleSpans: TitleSpan[];
}

/** The fixed words of the template; the parser reads back what these write. */
export const phrases = {
  tag: ["<A worker from the ", " dataset>"],
  information: "The following information is available about the work history of ",
  worker: "worker",
  residing: [" residing in the ", " region"],
  born: ["The worker was born in ", "."],
  records: "The worker has the following records of work experience, one entry per line, including ",
  columns: { all: "year, education level, and the job title:", noEducation: "year and the job title:" },
  end: "<END OF DATA>",
} as const;

/**
 * A career as the model reads it, in the template of LABOR-LLM (Athey et al., arXiv 2406.17972). Each line
 * ends with "\n", the last too. Missing covariates leave no trace. What stands before a title does not depend
 * on that title or on anything after it.
 * @param career a valid one (`validateCareer`)
 */
export function renderCareer(career: Career, options: TemplateOptions = {}): string {
  return renderCareerSegments(career, options).text;
}

/** `renderCareer` with the titles' places, for scoring: the space before a title is on the title's side. */
export function renderCareerSegments(career: Career, options: TemplateOptions = {}): CareerSegments {
  const shows = (covariate: TextCovariate) => !options.omit?.includes(covariate);
  const { birthYear } = career.covariates;
  let text = "";
  if (options.surveyTag !== undefined) text += `${phrases.tag.join(options.surveyTag)}\n`;
  text += `${phrases.information}${personInWords(career.covariates, shows)}.\n`;
  if (birthYear !== undefined && shows("birthYear")) text += `${phrases.born.join(String(birthYear))}\n`;
  text += `${phrases.records}${shows("education") ? phrases.columns.all : phrases.columns.noEducation}\n`;
  const titleSpans: TitleSpan[] = [];
  for (const { year, title, education } of career.observations) {
    text += education !== undefined && shows("education") ? `${year} (${education}):` : `${year}:`;
    const start = text.length;
    text += titleText(title, options.wording);
    titleSpans.push({ start, end: text.length });
  }
  if (options.endMarker !== false) text += `${phrases.end}\n`;
  return { text, titleSpans };
}

/** "a female black worker residing in the south region", less what is missing. */
function personInWords(covariates: Covariates, shows: (covariate: TextCovariate) => boolean): string {
  const words: string[] = [];
  if (covariates.gender !== undefined && shows("gender")) words.push(covariates.gender);
  if (covariates.ethnicity !== undefined && shows("ethnicity")) words.push(covariates.ethnicity);
  words.push(phrases.worker);
  const worker = words.join(" ");
  const region =
    covariates.region !== undefined && shows("region") ? phrases.residing.join(covariates.region) : "";
  return `${startsWithVowelSound(worker) ? "an" : "a"} ${worker}${region}`;
}

/** Good enough for names of groups: vowels, less those that sound like "you" or "won" (European, one). */
function startsWithVowelSound(words: string): boolean {
  return /^[aeiou]/i.test(words) && !/^(eu|uni|us|one\b)/i.test(words);
}
