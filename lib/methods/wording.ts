import type { CareerPanel } from "../careers/panel";
import type { TemplateOptions, TextCovariate } from "../text/template";
import { numericTitles } from "../text/titles";

/** How a career's text words titles, and what it leaves out; plain data, so that it can be kept in a file. */
export interface Wording {
  /** Titles in words, or as codes without meaning. */
  titles: "literal" | "numeric";
  omit: readonly TextCovariate[];
}

export const literalWording: Wording = { titles: "literal", omit: [] };

/** The template of a panel's careers under a wording. */
export function templateOf(
  { titles, surveyTag }: Pick<CareerPanel, "titles" | "surveyTag">,
  wording: Wording,
): TemplateOptions {
  return {
    surveyTag,
    omit: wording.omit,
    wording: wording.titles === "numeric" ? numericTitles(titles) : undefined,
  };
}
