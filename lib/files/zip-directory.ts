import { isUtf8 } from "node:buffer";
import { fstatSync, readSync } from "node:fs";
import { UserError } from "../errors";

/** An entry of a zip archive's directory. */
export interface DirectoryEntry {
  name: string;
  /** Bytes, unpacked and as they lie in the archive. */
  size: number;
  packed: number;
  /** How it is packed: 0 not at all, 8 by deflate. */
  method: number;
  encrypted: boolean;
  crc: number;
  /** Place of its local head in the file. */
  offset: number;
  /** Unix permissions; 0 where the archive has none. */
  mode: number;
}

/** Where the directory lies; `offset` and the entries' offsets count from `start`, behind whatever was put before the archive. */
interface End {
  count: number;
  length: number;
  offset: number;
  start: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locatorSignature = 0x07064b50;
const directorySignature = 0x02014b50;
export const localSignature = 0x04034b50;

/** The directory of a million files takes half of this. */
const largestDirectory = 2 ** 27;

export const again = "Download or copy it again.";

/**
 * The directory of an open zip archive, which stands at its end; also of more than 4 GB or 65,535 files (zip64), as
 * file-sharing services write it at any size, and behind a program that unpacks it.
 * @throws UserError if it is no zip, cut short, damaged or a part of a split one, or names two files alike
 */
export function readDirectory(path: string, file: number): DirectoryEntry[] {
  const { count, length, offset, start } = readEnd(path, file);
  if (length > largestDirectory) throw damaged(path);
  const directory = bytesAt(path, file, start + offset, length);
  const entries: DirectoryEntry[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > length || directory.readUInt32LE(at) !== directorySignature) throw damaged(path);
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const flags = directory.readUInt16LE(at + 8);
    const host = directory[at + 5];
    const extra = directory.subarray(nameEnd, extraEnd);
    const [size, packed, place] = wide(path, extra, [
      directory.readUInt32LE(at + 24),
      directory.readUInt32LE(at + 20),
      directory.readUInt32LE(at + 42),
    ]);
    const name = printable(nameOf(directory.subarray(at + 46, nameEnd), (flags & 0x800) !== 0));
    if (names.size === names.add(name).size)
      throw new UserError(`${path}: two files in it are called "${name}"`, "Pack the right one alone.");
    entries.push({
      name,
      size,
      packed,
      method: directory.readUInt16LE(at + 10),
      encrypted: (flags & 1) === 1,
      crc: directory.readUInt32LE(at + 16),
      offset: start + place,
      mode: host === unix ? directory.readUInt16LE(at + 40) & 0o777 : 0,
    });
    at = extraEnd + directory.readUInt16LE(at + 32);
  }
  return entries;
}

const unix = 3;

/** Bytes of the file. @throws UserError if it ends before them */
export function bytesAt(path: string, file: number, offset: number, length: number): Buffer {
  // Before any memory is taken: a damaged archive may name any length.
  if (!(offset >= 0 && offset + length <= fstatSync(file).size)) throw cutShort(path);
  const bytes = Buffer.alloc(length);
  for (let got = 0; got < length; ) {
    const n = readSync(file, bytes, got, length - got, offset + got);
    if (n === 0) throw cutShort(path);
    got += n;
  }
  return bytes;
}

export function damaged(path: string, cause?: unknown): UserError {
  return new UserError(`${path}: the zip file is damaged`, again, { cause });
}

function cutShort(path: string): UserError {
  return new UserError(`${path}: the zip file is cut short`, again);
}

function readEnd(path: string, file: number): End {
  const { size } = fstatSync(file);
  if (size === 0) throw new UserError(`${path}: the file is empty`, again);
  const tailAt = Math.max(0, size - 65_557);
  const tail = bytesAt(path, file, tailAt, size - tailAt);
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== endSignature) at--;
  if (at < 0) {
    const isZip = size >= 4 && bytesAt(path, file, 0, 4).readUInt32LE(0) === localSignature;
    if (isZip) throw cutShort(path);
    throw new UserError(`${path}: this is no zip file`, again);
  }
  const end = {
    disk: tail.readUInt16LE(at + 4),
    count: tail.readUInt16LE(at + 10),
    length: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
    /** Place of what follows the directory. */
    after: tailAt + at,
  };
  const has64 = at >= 20 && tail.readUInt32LE(at - 20) === locatorSignature;
  if (has64) Object.assign(end, readEnd64(path, file, tailAt + at - 20, tail.readBigUInt64LE(at - 12)));
  else if (end.offset === 0xffffffff || end.length === 0xffffffff) throw damaged(path);
  if (end.disk !== 0) {
    throw new UserError(
      `${path}: this is the last part of a zip file that was split`,
      "Join the parts and unpack them, and give the folder.",
    );
  }
  const start = end.after - end.length - end.offset;
  if (start < 0) throw cutShort(path); // at its beginning
  return { ...end, start };
}

/** The end record of zip64, which the locator before the plain one places. */
function readEnd64(path: string, file: number, locatorAt: number, placed: bigint) {
  // Where something was put before the archive, the record is only where it must be: before the locator.
  for (const at of [Number(placed), locatorAt - 56]) {
    if (!(at >= 0 && at + 56 <= locatorAt)) continue;
    const record = bytesAt(path, file, at, 56);
    if (record.readUInt32LE(0) !== end64Signature) continue;
    return {
      disk: record.readUInt32LE(16),
      count: whole(path, record.readBigUInt64LE(32)),
      length: whole(path, record.readBigUInt64LE(40)),
      offset: whole(path, record.readBigUInt64LE(48)),
      after: at,
    };
  }
  throw damaged(path);
}

function whole(path: string, value: bigint): number {
  if (value > Number.MAX_SAFE_INTEGER) throw damaged(path);
  return Number(value);
}

/** Numbers of which those that do not fit in 32 bits stand in the extra field of zip64, in this order. */
function wide(path: string, extra: Buffer, numbers: number[]): number[] {
  let field = Buffer.alloc(0) as Buffer;
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) field = extra.subarray(at + 4, end);
    at = end;
  }
  let at = 0;
  return numbers.map((number) => {
    if (number !== 0xffffffff) return number;
    if (at + 8 > field.length) throw damaged(path);
    at += 8;
    return whole(path, field.readBigUInt64LE(at - 8));
  });
}

/** For messages of one line, whatever stands in the archive. */
function printable(name: string): string {
  return name.replace(/\p{Cc}/gu, "\uFFFD");
}

/** Names are in UTF-8, marked or (macOS, many Linux tools) not; else in the code page of MS-DOS. */
function nameOf(bytes: Buffer, marked: boolean): string {
  if (marked || isUtf8(bytes)) return bytes.toString("utf8");
  return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : codePage437[byte - 128])).join(
    "",
  );
}

const codePage437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
