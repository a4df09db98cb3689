import { isUtf8 } from "node:buffer";
import { byteLevelBytes, isByteLevel, sentencePieceBytes } from "./piece-bytes";

/** Bytes that a piece spells, and the text of a row of them. */
export interface TokenDecoder {
  /** UTF-8 bytes of one piece. */
  bytes(piece: string): Uint8Array;
  /** Text of pieces in a row; bytes that are no UTF-8 come out as U+FFFD. */
  text(pieces: readonly string[]): string;
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
  bytes: (piece) => (isByteLevel(piece) ? byteLevelBytes(piece) : Buffer.from(piece, "utf8")),
  text: (pieces) => Buffer.concat(pieces.map((piece) => byteLevel.bytes(piece))).toString("utf8"),
};

const bytePiece = /^<0x[0-9A-F]{2}>$/;

/** @param stripped whether a space in front is left out, which the encoder put there */
function sentencePiece(stripped: boolean): TokenDecoder {
  const text = (pieces: readonly string[]): string => {
    const parts: string[] = [];
    for (let i = 0; i < pieces.length; ) {
      let end = i;
      while (end < pieces.length && bytePiece.test(pieces[end])) end++;
      if (end === i) parts.push(pieces[i++].replaceAll("▁", " "));
      else {
        const bytes = Buffer.concat(pieces.slice(i, end).map(sentencePieceBytes));
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
