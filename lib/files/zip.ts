import { crc32, inflateRawSync } from "node:zlib";
import { UserError } from "../errors";

/** A file inside a zip archive. */
export interface ZipEntry {
  /** The path inside the archive, as it stands there. */
  name: string;
  /** Bytes unpacked. */
  size: number;
  /** Unpacks the file. @throws UserError if it is damaged */
  bytes(): Buffer;
}

const again = "Download or copy it again.";
const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const localHeader = 0x04034b50;

/**
 * The files of a zip archive, by its central directory; folders are left out. Each file's checksum is checked when
 * it is unpacked: a damaged digit in a survey must not pass for a number, which the libraries that unpack without
 * a callback do not see to.
 * @param path for messages only
 * @throws UserError if the bytes are no zip archive, or one that is cut short, damaged, encrypted or over 4 GB
 */
export function readZip(path: string, bytes: Buffer): ZipEntry[] {
  const end = findEnd(path, bytes);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (at === 0xffffffff || count === 0xffff) {
    throw new UserError(`${path}: a zip archive of more than 4 GB or 65,535 files`, "Unpack it by hand.");
  }
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== directoryEntry) throw damaged(path);
    const nameLength = bytes.readUInt16LE(at + 28);
    const next = at + 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (next > end) throw damaged(path);
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const entry = {
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      checksum: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      header: bytes.readUInt32LE(at + 42),
    };
    if (!name.endsWith("/")) {
      entries.push({ name, size: entry.size, bytes: () => unpack(`${path}/${name}`, bytes, entry) });
    }
    at = next;
  }
  return entries;
}

/** Do the bytes start as a zip archive does? */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

function findEnd(path: string, bytes: Buffer): number {
  const earliest = Math.max(0, bytes.length - 22 - 0xffff); // a comment may follow the record
  for (let at = bytes.length - 22; at >= earliest; at--) {
    if (bytes.readUInt32LE(at) === endOfDirectory) return at;
  }
  if (looksLikeZip(bytes)) throw new UserError(`${path}: the zip archive is cut short`, again);
  throw new UserError(`${path}: this is no zip archive`, "Give the zip file as it was downloaded.");
}

interface Packed {
  flags: number;
  method: number;
  checksum: number;
  packed: number;
  size: number;
  header: number;
}

function unpack(place: string, bytes: Buffer, entry: Packed): Buffer {
  const { header, packed, size, method } = entry;
  if ((entry.flags & 1) !== 0) throw new UserError(`${place}: the file is encrypted`, "Unpack it by hand.");
  if (header + 30 > bytes.length || bytes.readUInt32LE(header) !== localHeader) throw damaged(place);
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  if (start + packed > bytes.length) throw damaged(place);
  const data = bytes.subarray(start, start + packed);
  let contents: Buffer;
  if (method === 0) contents = data;
  else if (method === 8) contents = inflate(place, data, size);
  else throw new UserError(`${place}: packed by a method that is not read (${method})`, "Unpack it by hand.");
  if (contents.length !== size || crc32(contents) !== entry.checksum) throw damaged(place);
  return contents;
}

function inflate(place: string, data: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(data, { maxOutputLength: size + 1 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_") || code === "ERR_BUFFER_TOO_LARGE") throw damaged(place, error);
    throw error;
  }
}

function damaged(place: string, cause?: unknown): UserError {
  return new UserError(`${place}: the zip archive is damaged`, again, { cause });
}
