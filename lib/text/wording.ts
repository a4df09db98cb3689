import type { CareerPanel } from "../careers";
import type { TemplateOptions, TextCovariate } from "./template";
import { numericTitles, shuffledTitles, type TitleWording } from "./titles";

/** How a career's text words titles, and what it leaves out; plain data, so that it can be kept in a file. */
export interface Wording {
  /** Titles in words, as codes, or each in the words of another. */
  titles: "literal" | "numeric" | "shuffled";
  /** Seed of the deal of words, where titles are shuffled, default 1; or of codes, which are in order unless it is given. */
  deal?: number;
  omit: readonly TextCovariate[];
}

export const literalWording: Wording = { titles: "literal", omit: [] };

/** A wording as a panel bears it: education that nobody has is left out, and the text's head says so. */
export function wordingFor(
  { tellsEducation }: Pick<CareerPanel, "tellsEducation">,
  wording: Wording,
): Wording {
  if (tellsEducation !== false || wording.omit.includes("education")) return wording;
  return { ...wording, omit: [...wording.omit, "education"] };
}

/** The template of a panel's careers under a wording. */
export function templateOf(
  panel: Pick<CareerPanel, "titles" | "surveyTag" | "tellsEducation">,
  wording: Wording,
): TemplateOptions {
  const { omit } = wordingFor(panel, wording);
  return { surveyTag: panel.surveyTag, omit, wording: titleWording(panel.titles, wording) };
}

function titleWording(titles: CareerPanel["titles"], wording: Wording): TitleWording | undefined {
  if (wording.titles === "numeric") return numericTitles(titles, wording.deal);
  return wording.titles === "shuffled" ? shuffledTitles(titles, wording.deal ?? 1) : undefined;
}
