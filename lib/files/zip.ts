import { closeSync, openSync } from "node:fs";
import { crc32 } from "node:zlib";
import { UserError } from "../errors";
import { inflate } from "./inflate";
import { asReadError } from "./read";
import { bounded } from "./unpack-limit";
import { bytesAt, type DirectoryEntry, damaged, localSignature, readDirectory } from "./zip-directory";

/** A file of a zip archive. */
export interface ZipEntry {
  name: string;
  /** Bytes, unpacked. */
  size: number;
  /** Unix permissions; 0 where the archive has none. */
  mode: number;
  /**
   * The contents piece by piece, so that an extract of any size takes constant memory.
   * @throws UserError if it is encrypted, packed in a way that is not read, damaged, or unpacks to more than `bounded` allows
   */
  chunks(): Iterable<Uint8Array>;
}

const pieceBytes = 1 << 18;

/**
 * The files of a zip archive, without folders, from its directory at the end.
 *
 * This is the one zip reader of the house. Surveys are read synchronously and in pieces; packages that read zip files
 * either wait for each piece (yauzl) or hold the whole (fflate, adm-zip).
 * @throws UserError if it cannot be read, is no zip, or as `readDirectory`
 */
export function zipEntries(path: string): ZipEntry[] {
  return withFile(path, (file) => readDirectory(path, file))
    .filter(({ name }) => !name.endsWith("/") && !name.startsWith("__MACOSX/"))
    .map((entry) => ({
      name: entry.name,
      size: entry.size,
      mode: entry.mode,
      chunks: () => unpack(path, entry),
    }));
}

/** Do the bytes start as a zip archive does? */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

function withFile<T>(path: string, use: (file: number) => T): T {
  const file = open(path);
  try {
    return use(file);
  } catch (error) {
    throw asReadError(path, error);
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw asReadError(path, error);
  }
}

/** Ways of packing that are not read, by their numbers. */
const otherMethods: Record<number, string> = {
  1: "Shrink",
  6: "Implode",
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  20: "Zstandard",
  93: "Zstandard",
  95: "xz",
  98: "PPMd",
};

/** The method that an entry of AES encryption has in place of its own. */
const aes = 99;

function* unpack(path: string, entry: DirectoryEntry): Generator<Uint8Array> {
  const place = `${path}:${entry.name}`;
  if (entry.encrypted || entry.method === aes) {
    throw new UserError(
      `${place} is encrypted`,
      "Unpack the zip file with its password and give the folder.",
    );
  }
  if (entry.method !== 0 && entry.method !== 8) {
    const name = otherMethods[entry.method] ?? `method ${entry.method}`;
    throw new UserError(
      `${place} is packed by ${name}, which is not read`,
      "Unpack the zip file and give the folder.",
    );
  }
  const file = open(path);
  try {
    const local = bytesAt(path, file, entry.offset, 30);
    if (local.readUInt32LE(0) !== localSignature) throw damaged(place);
    const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    const packed = pieces(path, file, start, entry.packed);
    let size = 0;
    let crc = 0;
    const contents =
      entry.method === 0
        ? packed
        : bounded(place, packed, (bytes) => inflate(bytes, (cause) => damaged(place, cause)));
    for (const chunk of contents) {
      size += chunk.length;
      if (size > entry.size) throw damaged(place);
      crc = crc32(chunk, crc);
      yield chunk;
    }
    if (size !== entry.size || crc !== entry.crc) throw damaged(place);
  } catch (error) {
    throw asReadError(path, error);
  } finally {
    closeSync(file);
  }
}

function* pieces(path: string, file: number, start: number, length: number): Generator<Buffer> {
  for (let at = 0; at < length; at += pieceBytes) {
    yield bytesAt(path, file, start + at, Math.min(pieceBytes, length - at));
  }
}
