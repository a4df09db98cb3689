/** Deeper values overflow the stack of whatever walks through them; no file of ours is a tenth as deep. */
const deepest = 256;

/**
 * `JSON.parse` for what users give us.
 * @throws SyntaxError where it is no JSON, or lists and objects are nested more than 256 deep
 */
export function parseJson(text: string): unknown {
  checkDepth(text);
  return JSON.parse(text);
}

function checkDepth(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote) {
      at = endOfString(text, at);
      if (at === -1) return; // no JSON, which the parser says better
    } else if (unit === openBracket || unit === openBrace) {
      if (++depth > deepest)
        throw new SyntaxError(`at position ${at} it is nested more than ${deepest} levels deep`);
    } else if (unit === closeBracket || unit === closeBrace) depth--;
  }
}

/** Place of the quote that ends the string which starts at `start`; -1 where none does. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote) return at;
    if (unit === backslash) at++;
  }
  return -1;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
