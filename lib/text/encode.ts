import type { Career } from "../careers";
import { UserError } from "../errors";
import type { TitleSet } from "../occupations";
import { quote } from "../quote";
import { renderCareerSegments, type TemplateOptions } from "./template";
import { titleText } from "./titles";
import type { Tokenizer } from "./tokenizer";

/** A career as tokens, and where its titles stand among them. */
export interface EncodedCareer {
  /** Tokens of the whole text, the begin mark first. */
  ids: Int32Array;
  /** One per observation: its title's tokens are `ids.slice(start, end)`. */
  titles: { start: number; end: number }[];
}

/** A career's text encoded whole: a title's tokens do not depend on what follows it. */
export function encodeCareer(career: Career, tokenizer: Tokenizer, template: TemplateOptions): EncodedCareer {
  const { text, titleSpans } = renderCareerSegments(career, template);
  const { ids, tokenSpans } = tokenizer.encodeWithSpans(text, titleSpans, { addBos: true });
  return { ids: Int32Array.from(ids), titles: tokenSpans };
}

/** What a title may stand after: a line's colon, without and with an education level. */
const STANDS_AFTER = ["1987:", "1987 (some college):"];

/**
 * Tokens of each title as it stands after a line's colon, with the boundary space and the line's end.
 * @throws UserError for a title that the tokenizer cannot write, or whose tokens depend on what stands before it
 */
export function encodeTitles(titles: TitleSet, tokenizer: Tokenizer, template: TemplateOptions): number[][] {
  if (tokenizer.encode("\n").length === 0 || !tokenizer.decode(tokenizer.encode(":\n")).endsWith("\n")) {
    throw new UserError(
      "the tokenizer has no token for the end of a line",
      "Take a tokenizer that keeps line ends: a title's probability needs them.",
    );
  }
  // What the tokenizer cannot write stands in no text: a restricted one may know of no education.
  const befores = [":", ...STANDS_AFTER.filter((before) => writes(tokenizer, before))];
  return titles.titles.map((title) => {
    const words = titleText(title, template.wording);
    const [tokens, ...others] = befores.map((before) => titleTokens(title, words, before, tokenizer));
    if (others.some((other) => other.join() !== tokens.join())) {
      throw new UserError(
        `the tokens of the title ${quote(title)} depend on what stands before it`,
        "Take a tokenizer that cuts words at spaces, or word this title otherwise.",
      );
    }
    return tokens;
  });
}

function writes(tokenizer: Tokenizer, text: string): boolean {
  try {
    tokenizer.encode(text);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function titleTokens(title: string, words: string, before: string, tokenizer: Tokenizer): number[] {
  try {
    const span = { start: before.length, end: before.length + words.length };
    const { ids, tokenSpans } = tokenizer.encodeWithSpans(before + words, [span]);
    const tokens = Array.from(ids.subarray(tokenSpans[0].start, tokenSpans[0].end));
    const written = Buffer.concat(tokens.map((id) => tokenizer.tokenBytes(id))).toString();
    if (written === words) return tokens;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  throw new UserError(
    `the tokenizer cannot write the title ${quote(title)} apart from what stands before it`,
    "Take a tokenizer that knows its letters and cuts words at spaces, or word this title otherwise.",
  );
}
