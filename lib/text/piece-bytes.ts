import { BYTE_PIECES } from "./byte-level";

const byteOfCharacter: ReadonlyMap<string, number> = (() => {
  const shown = BYTE_PIECES.filter((character) => character.charCodeAt(0) < 256);
  const bytes = new Map(shown.map((character) => [character, character.charCodeAt(0)]));
  // The bytes that do not print take the characters from 256 on, in order.
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const character = String.fromCharCode(byte);
    if (!bytes.has(character)) bytes.set(String.fromCharCode(next++), byte);
  }
  return bytes;
})();

/** Whether each character of a piece stands for a byte. */
export function isByteLevel(piece: string): boolean {
  for (const character of piece) if (!byteOfCharacter.has(character)) return false;
  return true;
}

/** UTF-8 bytes that a piece of a byte-level vocabulary spells. */
export function byteLevelBytes(piece: string): Uint8Array {
  return Uint8Array.from(piece, (character) => byteOfCharacter.get(character) ?? Number.NaN);
}

/** UTF-8 bytes that a piece of a SentencePiece vocabulary spells: "▁" is a space, "<0x0A>" a byte. */
export function sentencePieceBytes(piece: string): Uint8Array {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(piece);
  if (byte !== null) return Uint8Array.of(Number.parseInt(byte[1], 16));
  return Buffer.from(piece.replaceAll("▁", " "), "utf8");
}
