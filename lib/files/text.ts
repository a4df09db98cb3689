import { contentChunks, isGzipName, joined } from "./chunks";
import { readWhole } from "./read";
import { checkNotStandIn } from "./stand-in";

/** The largest file that is read as one, in bytes. */
const largest = 2 ** 30;

/**
 * The bytes of a file, unpacked where its name ends in `.gz`.
 * @throws UserError if it cannot be read, the archive is cut or damaged, or there is more than 1 GiB
 */
export function readBytes(path: string, remedy?: string): Buffer {
  if (isGzipName(path)) return joined(path, contentChunks(path, remedy), largest, remedy);
  const bytes = readWhole(path, largest, remedy);
  checkNotStandIn(path, bytes);
  return bytes;
}

/**
 * Text as its readers want it: UTF-8, or Windows-1252 (of which Latin-1 is a part) where the bytes are not UTF-8;
 * without byte-order mark; every line ended by "\n", whatever mixture of line ends the file has.
 */
export function decodeText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    text = new TextDecoder("windows-1252").decode(bytes);
  }
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/**
 * A file's text (`decodeText`), unpacked where its name ends in `.gz`.
 * @throws UserError as `readBytes`
 */
export function readText(path: string, remedy?: string): string {
  return decodeText(readBytes(path, remedy));
}
