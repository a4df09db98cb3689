import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { UserError } from "../errors";
import { asReadError } from "./read";
import { checkNotStandIn } from "./stand-in";

/**
 * The bytes of a file, unpacked where its name ends in `.gz` (or `.GZ`).
 * @throws UserError if it cannot be read, or the archive is cut or damaged
 */
export function readBytes(path: string, remedy?: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw asReadError(path, error, remedy);
  }
  checkNotStandIn(path, bytes);
  if (!/\.gz$/i.test(path)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("Z_")) throw error;
    const problem = code === "Z_BUF_ERROR" ? "the gzip file is cut short" : "this is no intact gzip file";
    throw new UserError(`${path}: ${problem}`, "Download or copy it again.", { cause: error });
  }
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
