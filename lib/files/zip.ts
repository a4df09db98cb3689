import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { Inflate } from "fflate";
import { UserError } from "../errors";
import { asReadError } from "./read";

/** A file of a zip archive. */
export interface ZipEntry {
  name: string;
  /** Bytes, unpacked. */
  size: number;
  /** The contents piece by piece, so that an extract of any size takes constant memory. @throws UserError if damaged */
  chunks(): Iterable<Uint8Array>;
}

interface Directory extends Pick<ZipEntry, "name" | "size"> {
  method: number;
  encrypted: boolean;
  packed: number;
  crc: number;
  offset: number;
}

const again = "Download or copy it again.";
const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;
const pieceBytes = 1 << 18;

/**
 * The files of a zip archive, without folders, from its directory at the end.
 * @throws UserError if it cannot be read, is no zip, is cut short, or is larger than 4 GB
 */
export function zipEntries(path: string): ZipEntry[] {
  return withFile(path, (file, size) => readDirectory(path, file, size))
    .filter(({ name }) => !name.endsWith("/") && !name.startsWith("__MACOSX/"))
    .map((entry) => ({ name: entry.name, size: entry.size, chunks: () => unpack(path, entry) }));
}

/** Do the bytes start as a zip archive does? */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

function withFile<T>(path: string, use: (file: number, size: number) => T): T {
  const file = open(path);
  try {
    return use(file, fstatSync(file).size);
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

function bytesAt(path: string, file: number, offset: number, length: number): Buffer {
  // Before any memory is taken: a damaged archive may name any length.
  if (offset + length > fstatSync(file).size)
    throw new UserError(`${path}: the zip file is cut short`, again);
  const bytes = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const n = readSync(file, bytes, got, length - got, offset + got);
    if (n === 0) throw new UserError(`${path}: the zip file is cut short`, again);
    got += n;
  }
  return bytes;
}

function readDirectory(path: string, file: number, size: number): Directory[] {
  const tail = bytesAt(path, file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== endSignature) at--;
  if (at < 0) {
    const isZip = size >= 4 && bytesAt(path, file, 0, 4).readUInt32LE(0) === localSignature;
    throw new UserError(`${path}: ${isZip ? "the zip file is cut short" : "this is no zip file"}`, again);
  }
  const count = tail.readUInt16LE(at + 10);
  const length = tail.readUInt32LE(at + 12);
  const offset = tail.readUInt32LE(at + 16);
  if (offset === 0xffffffff || count === 0xffff) throw new UserError(`${path}: ${tooLarge}`, unpackIt);
  const directory = bytesAt(path, file, offset, length);
  const entries: Directory[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    if (at + 46 > length || directory.readUInt32LE(at) !== directorySignature) throw damaged(path);
    const nameLength = directory.readUInt16LE(at + 28);
    const entry = {
      name: directory.toString("utf8", at + 46, at + 46 + nameLength),
      encrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    };
    if (entry.packed === 0xffffffff || entry.size === 0xffffffff || entry.offset === 0xffffffff) {
      throw new UserError(`${path}: ${tooLarge}`, unpackIt);
    }
    entries.push(entry);
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

const tooLarge = "the zip file holds more than 4 GB";
const unpackIt = "Unpack it and give the folder.";

function damaged(path: string, cause?: unknown): UserError {
  return new UserError(`${path}: the zip file is damaged`, again, { cause });
}

function* unpack(path: string, entry: Directory): Generator<Uint8Array> {
  const place = `${path}:${entry.name}`;
  if (entry.encrypted) throw new UserError(`${place} is encrypted`, unpackIt);
  if (entry.method !== 0 && entry.method !== 8) {
    throw new UserError(`${place} is packed in a way (${entry.method}) that is not read`, unpackIt);
  }
  const file = open(path);
  try {
    const local = bytesAt(path, file, entry.offset, 30);
    if (local.readUInt32LE(0) !== localSignature) throw damaged(place);
    const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    let size = 0;
    let crc = 0;
    for (const chunk of inflate(place, pieces(path, file, start, entry.packed), entry.method)) {
      size += chunk.length;
      if (size > entry.size) throw damaged(place);
      crc = crc32(chunk, crc);
      yield chunk;
    }
    if (size !== entry.size || crc !== entry.crc) throw damaged(place);
  } finally {
    closeSync(file);
  }
}

function* pieces(path: string, file: number, start: number, length: number): Generator<Buffer> {
  for (let at = 0; at < length; at += pieceBytes) {
    yield bytesAt(path, file, start + at, Math.min(pieceBytes, length - at));
  }
}

function* inflate(place: string, packed: Iterable<Buffer>, method: number): Generator<Uint8Array> {
  if (method === 0) {
    yield* packed;
    return;
  }
  let ready: Uint8Array[] = [];
  const stream = new Inflate((chunk) => {
    if (chunk.length > 0) ready.push(chunk);
  });
  const push = (bytes: Uint8Array, last: boolean) => {
    try {
      stream.push(bytes, last);
    } catch (error) {
      throw damaged(place, error);
    }
  };
  for (const bytes of packed) {
    push(bytes, false);
    yield* ready;
    ready = [];
  }
  push(new Uint8Array(0), true);
  yield* ready;
}
