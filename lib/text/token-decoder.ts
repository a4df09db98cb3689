import { isUtf8 } from "node:buffer";
import { byteLevelBytes, isByteLevel, sentencePieceBytes } from "./token-bytes";

/** Bytes that a token spells, and the text of a row of them. */
export interface TokenDecoder {
  /** UTF-8 bytes of one token. */
  bytes(token: string): Uint8Array;
  /** Text of tokens in a row; bytes that are no UTF-8 come out as U+FFFD. */
  text(tokens: readonly string[]): string;
}

/** The decoder of a tokenizer.json; undefined where it has a step that is not computed here. */
export function tokenDecoder(decoder: unknown): TokenDecoder | undefined {
  const { type, decoders } = (decoder ?? {}) as { type?: string; decoders?: Record<string, unknown>[] };
  if (type === "ByteLevel") return byteLevel;
  if (type !== "Sequence" || decoders === undefined) return undefined;
  const [replace, bytes, fuse, strip, ...more] = decoders;
  const spaces = replace?.type === "Replace" && replace.content === " ";
  const pattern = (replace?.pattern as { String?: string } | undefined)?.String;
  const known = spaces && pattern === "▁" && bytes?.type === "ByteFallback" && fuse?.type === "Fuse";
  if (!known || more.length > 0) return undefined;
  if (strip === undefined) return sentencePiece(false);
  const first = strip.type === "Strip" && strip.content === " " && strip.start === 1 && strip.stop === 0;
  return first ? sentencePiece(true) : undefined;
}

const byteLevel: TokenDecoder = {
  // An added token may hold characters that stand for no byte: it is then text as it is.
  bytes: (token) => (isByteLevel(token) ? byteLevelBytes(token) : Buffer.from(token, "utf8")),
  text: (tokens) => Buffer.concat(tokens.map((token) => byteLevel.bytes(token))).toString("utf8"),
};

const byteToken = /^<0x[0-9A-F]{2}>$/;

/** @param stripped whether a space in front is left out, which the encoder put there */
function sentencePiece(stripped: boolean): TokenDecoder {
  const text = (tokens: readonly string[]): string => {
    const parts: string[] = [];
    for (let i = 0; i < tokens.length; ) {
      let end = i;
      while (end < tokens.length && byteToken.test(tokens[end])) end++;
      if (end === i) parts.push(tokens[i++].replaceAll("▁", " "));
      else {
        const bytes = Buffer.concat(tokens.slice(i, end).map(sentencePieceBytes));
        // A run of bytes that is not UTF-8 as a whole is one U+FFFD a byte, as in Hugging Face's.
        parts.push(isUtf8(bytes) ? bytes.toString("utf8") : "\uFFFD".repeat(bytes.length));
        i = end;
      }
    }
    const whole = parts.join("");
    return stripped && whole.startsWith(" ") ? whole.slice(1) : whole;
  };
  return { bytes: sentencePieceBytes, text };
}
