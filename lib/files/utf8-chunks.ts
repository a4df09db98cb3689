import { isUtf8 } from "node:buffer";
import { UserError } from "../errors";

/**
 * The bytes of a text as UTF-8, piece by piece, without byte-order mark; no character is cut in two.
 * @param place of the file, for messages
 * @param chunks its bytes, from the start at each call
 * @param encoding as the WHATWG names it
 * @throws UserError with the line where the text is not UTF-8 and no other encoding is named; and as `chunks`
 */
export function* utf8Chunks(
  place: string,
  chunks: () => Iterable<Uint8Array>,
  encoding = "utf-8",
): Generator<Uint8Array> {
  const label = encoding.toLowerCase();
  if (label !== "utf-8" && label !== "utf8") {
    const decoder = new TextDecoder(label);
    for (const chunk of chunks()) yield Buffer.from(decoder.decode(chunk, { stream: true }), "utf8");
    yield Buffer.from(decoder.decode(), "utf8");
    return;
  }
  const wrong = (passed: number, bytes: Uint8Array) =>
    new UserError(
      `${place}:${linesIn(chunks(), passed) + lineOfWrongByte(bytes)}: the text is not UTF-8`,
      'Save the file as UTF-8, or name its encoding in a column map, for example "encoding": "windows-1252".',
    );
  let held: Uint8Array = new Uint8Array(0);
  let passed = 0;
  for (const chunk of chunks()) {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const whole = bytes.subarray(0, passed === 0 && bytes.length < 3 ? 0 : bytes.length - unfinished(bytes));
    held = Buffer.from(bytes.subarray(whole.length));
    if (!isUtf8(whole)) throw wrong(passed, whole);
    if (whole.length === 0) continue;
    yield passed === 0 ? withoutMark(whole) : whole;
    passed += whole.length;
  }
  if (!isUtf8(held)) throw wrong(passed, held);
  if (held.length > 0) yield held;
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** How many bytes at the end begin a character that they do not end. */
function unfinished(bytes: Uint8Array): number {
  for (let count = 1; count <= 3; count++) {
    const byte = bytes[bytes.length - count];
    if (byte === undefined || byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > count ? count : 0;
  }
  return 0;
}

/** Line ends in the first bytes: counted when they are wanted, since few files ever want them. */
function linesIn(chunks: Iterable<Uint8Array>, length: number): number {
  let lines = 0;
  let left = length;
  for (const chunk of chunks) {
    for (const byte of chunk.subarray(0, left)) if (byte === newline) lines++;
    left -= chunk.length;
    if (left <= 0) break;
  }
  return lines;
}

function lineOfWrongByte(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(newline, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return line;
}

const newline = 0x0a;
