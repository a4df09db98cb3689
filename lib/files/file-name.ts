import { createHash } from "node:crypto";

/** Bytes of a name that is taken as it is, and of the readable part of one that is not: endings and prefixes fit beside them. */
const MOST = 100;

/** Names of devices, which no file of Windows may have. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * The name of a file for any name of a survey, a figure or a table: in any script, of any length, with capitals, dots,
 * blanks or slashes. Lower-case words joined by single hyphens stay as they are. Of all else the letters and digits
 * stay readable, and `--` and ten digits of the SHA-256 of the name follow, so that two names never meet, not even
 * on a file system that knows no capitals or composes letters on its own.
 */
export function fileName(name: string): string {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && name.length <= MOST && !RESERVED.test(name)) return name;
  const words = name
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFC")
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  const readable = cut(words?.join("-") ?? "", MOST).replace(/-$/, "");
  return `${readable || "name"}--${createHash("sha256").update(name, "utf16le").digest("hex").slice(0, 10)}`;
}

/** As much of the beginning of a text as so many bytes hold. */
function cut(text: string, bytes: number): string {
  let [kept, size] = ["", 0];
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    kept += character;
  }
  return kept;
}
