import type { Career } from "../careers";
import { UserError } from "../errors";
import { type EncodedCareer, encodeCareer } from "./encode";
import type { TemplateOptions } from "./template";
import type { Tokenizer } from "./tokenizer";

/** A stretch of a career whose text a model can read at once. */
export interface CareerWindow {
  /** The career's text with only this stretch of its observations. */
  encoded: EncodedCareer;
  /** Place in the career of the window's first observation, and of the first that no earlier window holds. */
  from: number;
  fresh: number;
}

/**
 * A career as windows of at most so many tokens. One that fits is one window, its whole text. A longer one is cut:
 * each later window begins with the lines that came before it, up to half of its room, so that every observation is
 * read with at least that much history and once as a fresh one.
 * @throws UserError if a single line does not fit
 */
export function careerWindows(
  career: Career,
  tokenizer: Tokenizer,
  template: TemplateOptions,
  contextLength: number,
): CareerWindow[] {
  const whole = encodeCareer(career, tokenizer, template);
  const last = career.observations.length;
  if (whole.ids.length <= contextLength) return [{ encoded: whole, from: 0, fresh: 0 }];
  // What stands before the first title comes with every window.
  const room = contextLength - whole.titles[0].start;
  const tokens = (from: number, to: number) => whole.titles[to].end - whole.titles[from].start;
  const windows: CareerWindow[] = [];
  for (let fresh = 0; fresh < last; ) {
    let from = fresh;
    while (from > 0 && tokens(from - 1, fresh) <= room / 2) from--;
    let to = fresh + 1;
    while (to < last && tokens(from, to) <= room) to++;
    const stretch = () => {
      const observations = career.observations.slice(from, to);
      const own = to === last ? template : { ...template, endMarker: false };
      return encodeCareer({ ...career, observations }, tokenizer, own);
    };
    let encoded = stretch();
    // The count above does not know the end's tokens, nor that a line's own may differ by its place.
    while (encoded.ids.length > contextLength) {
      if (to > fresh + 1) to--;
      else if (from < fresh) from++;
      else {
        throw new UserError(
          `person ${career.person}, year ${career.observations[fresh].year}: the line takes ${encoded.ids.length} tokens with the text's head, more than the ${contextLength} that the model reads`,
          "Take a model with a longer context, or leave covariates out.",
        );
      }
      encoded = stretch();
    }
    windows.push({ encoded, from, fresh });
    fresh = to;
  }
  return windows;
}
