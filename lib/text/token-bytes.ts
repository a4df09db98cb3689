import { BYTE_TOKENS } from "./byte-level";

const byteOfCharacter: ReadonlyMap<string, number> = (() => {
  const shown = BYTE_TOKENS.filter((character) => character.charCodeAt(0) < 256);
  const bytes = new Map(shown.map((character) => [character, character.charCodeAt(0)]));
  // The bytes that do not print take the characters from 256 on, in order.
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const character = String.fromCharCode(byte);
    if (!bytes.has(character)) bytes.set(String.fromCharCode(next++), byte);
  }
  return bytes;
})();

/** Whether each character of a token stands for a byte. */
export function isByteLevel(token: string): boolean {
  for (const character of token) if (!byteOfCharacter.has(character)) return false;
  return true;
}

/** UTF-8 bytes that a token of a byte-level vocabulary spells. */
export function byteLevelBytes(token: string): Uint8Array {
  return Uint8Array.from(token, (character) => byteOfCharacter.get(character) ?? Number.NaN);
}

/** UTF-8 bytes that a token of a SentencePiece vocabulary spells: "▁" is a space, "<0x0A>" a byte. */
export function sentencePieceBytes(token: string): Uint8Array {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(token);
  if (byte !== null) return Uint8Array.of(Number.parseInt(byte[1], 16));
  return Buffer.from(token.replaceAll("▁", " "), "utf8");
}
