import type { Career } from "../careers/career";
import type { TitleSet } from "../occupations/title-set";
import { renderCareerSegments, type TemplateOptions } from "./template";
import { titleText } from "./titles";
import type { Tokenizer } from "./tokenizer";

/** A career as pieces, and where its titles stand among them. */
export interface EncodedCareer {
  /** Pieces of the whole text, the begin mark first. */
  ids: Int32Array;
  /** One per observation: its title's pieces are `ids.slice(start, end)`. */
  titles: { start: number; end: number }[];
}

/** A career's text encoded whole: a title's pieces do not depend on what follows it. */
export function encodeCareer(career: Career, tokenizer: Tokenizer, template: TemplateOptions): EncodedCareer {
  const { text, titleSpans } = renderCareerSegments(career, template);
  const { ids, tokenSpans } = tokenizer.encodeWithSpans(text, titleSpans, { addBos: true });
  return { ids: Int32Array.from(ids), titles: tokenSpans };
}

/** Pieces of each title as it stands after a line's colon, with the boundary space and the line's end. */
export function encodeTitles(titles: TitleSet, tokenizer: Tokenizer, template: TemplateOptions): number[][] {
  return titles.titles.map((title) => {
    const text = `:${titleText(title, template.wording)}`;
    const { ids, tokenSpans } = tokenizer.encodeWithSpans(text, [{ start: 1, end: text.length }]);
    return Array.from(ids).slice(tokenSpans[0].start, tokenSpans[0].end);
  });
}
