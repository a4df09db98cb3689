import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { isGzipName } from "./chunks";
import { checkMemory } from "./memory";
import { asReadError } from "./read";
import { readBytes } from "./text";

/** A file of which stretches are read, from any place. */
export interface ByteRanges {
  /** Bytes. */
  readonly size: number;
  /** A copy of a stretch. @throws UserError where it is too large to hold; RangeError where the file ends before it does */
  slice(start: number, end: number): ArrayBuffer;
}

/**
 * Opens a file while `use` runs. One whose name ends in `.gz` is unpacked into memory.
 * @throws UserError if it cannot be read
 */
export function withByteRanges<T>(path: string, remedy: string, use: (ranges: ByteRanges) => T): T {
  if (isGzipName(path)) {
    const bytes = readBytes(path, remedy);
    return use({
      size: bytes.length,
      slice: (start, end) => {
        check(start, end, bytes.length);
        return new Uint8Array(bytes.subarray(start, end)).buffer;
      },
    });
  }
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const opened = file;
    const { size } = fstatSync(opened);
    return use({ size, slice: (start, end) => sliceOf(path, opened, size, start, end) });
  } catch (error) {
    throw asReadError(path, error, remedy);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function sliceOf(path: string, file: number, size: number, start: number, end: number): ArrayBuffer {
  check(start, end, size);
  checkMemory(`${path}: a part`, end - start);
  const bytes = new Uint8Array(end - start);
  for (let at = 0; at < bytes.length; ) {
    const got = readSync(file, bytes, at, Math.min(bytes.length - at, 2 ** 30), start + at);
    if (got === 0) throw new RangeError("the file became shorter");
    at += got;
  }
  return bytes.buffer;
}

function check(start: number, end: number, size: number): void {
  if (!(start >= 0 && end >= start && end <= size)) throw new RangeError("beyond the end of the file");
}
