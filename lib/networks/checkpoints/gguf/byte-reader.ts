import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { UserError } from "../../../errors";
import { asReadError } from "../../../files";

const windowBytes = 1 << 20;

/** Most bytes of one text or list of a header; a vocabulary's longest text is a chat template of some KB. */
const largestValue = 2 ** 27;

/** Damage of the file: what it promises and does not hold. */
export function damaged(path: string, what: string): UserError {
  return new UserError(`${path}: ${what}`, "Download or write it again.");
}

/** Reads a file's little-endian numbers and texts one after the other, through a window of 1 MB. */
export class ByteReader {
  /** Bytes in the file. */
  readonly size: number;
  private readonly file: number;
  private window: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  /** Place in the file of the window's first byte. */
  private start = 0;
  /** Place of the next byte in the window. */
  private at = 0;

  /** @throws UserError if the file cannot be opened */
  constructor(readonly path: string) {
    try {
      this.file = openSync(path, "r");
    } catch (error) {
      throw asReadError(path, error);
    }
    const stat = fstatSync(this.file);
    if (stat.isDirectory()) {
      closeSync(this.file);
      throw new UserError(`${path}: a folder, not a file`);
    }
    this.size = stat.size;
  }

  close(): void {
    closeSync(this.file);
  }

  /** Place of the next byte in the file. */
  get position(): number {
    return this.start + this.at;
  }

  /** Bytes after the next. */
  get left(): number {
    return this.size - this.position;
  }

  /** Reads bytes from any place, as many as `bytes` holds. */
  readInto(bytes: Uint8Array, position: number): void {
    for (let at = 0; at < bytes.length; ) {
      const got = this.read(bytes.subarray(at), position + at);
      if (got === 0) throw damaged(this.path, "the file became shorter while it was read");
      at += got;
    }
  }

  private read(bytes: Uint8Array, position: number): number {
    try {
      return readSync(this.file, bytes, 0, bytes.length, position);
    } catch (error) {
      throw asReadError(this.path, error);
    }
  }

  /** Makes the next bytes lie in the window, and steps over them. @returns where they are in the window */
  private take(count: number, what: string): number {
    if (count > this.left) {
      throw damaged(
        this.path,
        `cut short in ${what}: ${spell(count)} bytes wanted, ${spell(this.left)} left`,
      );
    }
    if (this.at + count > this.window.length) {
      this.start += this.at;
      this.at = 0;
      const window = Buffer.allocUnsafe(Math.min(this.size - this.start, Math.max(windowBytes, count)));
      this.readInto(window, this.start);
      this.window = window;
    }
    const at = this.at;
    this.at += count;
    return at;
  }

  uint8(what: string): number {
    const at = this.take(1, what);
    return this.window[at];
  }

  uint32(what: string): number {
    const at = this.take(4, what);
    return this.window.readUInt32LE(at);
  }

  uint64(what: string): bigint {
    const at = this.take(8, what);
    return this.window.readBigUInt64LE(at);
  }

  /** A length or a count. @throws UserError if what it counts, at least `bytesEach`, cannot be in the file */
  count(what: string, bytesEach: number): number {
    const count = this.uint64(what);
    if (count * BigInt(bytesEach) > BigInt(this.left)) {
      throw damaged(
        this.path,
        `cut short or damaged: it promises ${count.toLocaleString("en-US")} ${what}, and holds ${spell(this.left)} more bytes`,
      );
    }
    if (count * BigInt(bytesEach) > largestValue)
      throw damaged(this.path, `damaged: ${count.toLocaleString("en-US")} ${what}, more than any model has`);
    return Number(count);
  }

  /** A text behind its length, UTF-8; bytes that are none become U+FFFD. */
  text(what: string): string {
    const length = this.count(`bytes of ${what}`, 1);
    const at = this.take(length, what);
    return this.window.toString("utf8", at, at + length);
  }

  /** Bytes of their own. */
  bytes(count: number, what: string): Uint8Array {
    const at = this.take(count, what);
    const bytes = new Uint8Array(count);
    bytes.set(this.window.subarray(at, at + count));
    return bytes;
  }
}

export function spell(count: number): string {
  return count.toLocaleString("en-US");
}

/** A name from a file, fit for one line of an error: a damaged file may hold anything. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
