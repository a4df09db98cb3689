import { crc32, deflateRawSync } from "node:zlib";

/** A file to put into a zip archive, right or wrong. */
export interface MadeEntry {
  name: string | Buffer;
  contents?: string;
  /** In place of the contents, packed. */
  packed?: Uint8Array;
  size?: number;
  crc?: number;
  /** 8, deflate by default; 0 stores; what others name is not done. */
  method?: number;
  encrypted?: boolean;
  /** Mark the name as UTF-8; so by default. */
  utf8?: boolean;
}

export interface MadeZip {
  /** Put the numbers of zip64 in every place that has them, as writers do that do not know sizes before. */
  zip64?: boolean;
  /** Sizes stand behind the data, not in the local head. */
  descriptor?: boolean;
  /** What stands before the archive. */
  prefix?: string;
  comment?: string;
  /** Number of the part, of a split archive. */
  disk?: number;
}

const u16 = (...values: number[]) => Buffer.from(Uint16Array.from(values).buffer);
const u32 = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
const u64 = (...values: number[]) => Buffer.from(BigUint64Array.from(values, BigInt).buffer);

/** The bytes of a zip archive by the format's book (APPNOTE 6.3): nothing is checked. */
export function zipBytes(entries: readonly MadeEntry[], options: MadeZip = {}): Buffer {
  const { zip64 = false, descriptor = false, prefix = "", comment = "", disk = 0 } = options;
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const write = (...bytes: Buffer[]) => {
    for (const part of bytes) {
      parts.push(part);
      at += part.length;
    }
  };
  for (const entry of entries) {
    const contents = Buffer.from(entry.contents ?? "");
    const { method = 8, utf8 = true, encrypted = false } = entry;
    const packed = Buffer.from(entry.packed ?? (method === 8 ? deflateRawSync(contents) : contents));
    const size = entry.size ?? contents.length;
    const crc = entry.crc ?? crc32(contents);
    const name = Buffer.from(entry.name);
    const flags = (utf8 ? 0x800 : 0) | (encrypted ? 1 : 0) | (descriptor ? 8 : 0);
    const offset = at;
    const narrow = (n: number) => (zip64 ? 0xffffffff : n);
    const known = descriptor ? [0, 0, 0] : [crc, narrow(packed.length), narrow(size)];
    const localExtra = zip64 ? Buffer.concat([u16(1, 16), u64(size, packed.length)]) : Buffer.alloc(0);
    write(u32(0x04034b50), u16(zip64 ? 45 : 20, flags, method, 0, 33), u32(...known));
    write(u16(name.length, localExtra.length), name, localExtra, packed);
    if (descriptor) write(u32(0x08074b50, crc), (zip64 ? u64 : u32)(packed.length, size));
    const extra = zip64 ? Buffer.concat([u16(1, 24), u64(size, packed.length, offset)]) : Buffer.alloc(0);
    directory.push(
      Buffer.concat([
        u32(0x02014b50),
        u16(0x031e, zip64 ? 45 : 20, flags, method, 0, 33),
        u32(crc, narrow(packed.length), narrow(size)),
        u16(name.length, extra.length, 0, 0, 0),
        u32((0o100644 << 16) >>> 0, narrow(offset)),
        name,
        extra,
      ]),
    );
  }
  const start = at;
  write(...directory);
  const length = at - start;
  const count = entries.length;
  if (zip64) {
    const end = at;
    write(u32(0x06064b50), u64(44), u16(45, 45), u32(disk, disk), u64(count, count, length, start));
    write(u32(0x07064b50, 0), u64(end), u32(1));
    write(u32(0x06054b50), u16(0xffff, 0xffff, 0xffff, 0xffff), u32(0xffffffff, 0xffffffff));
  } else {
    write(u32(0x06054b50), u16(disk, disk, count, count), u32(length, start));
  }
  write(u16(comment.length), Buffer.from(comment));
  return Buffer.concat([Buffer.from(prefix), ...parts]);
}
