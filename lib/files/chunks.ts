import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { UserError } from "../errors";
import { stage } from "../stages";
import { gunzip } from "./inflate";
import { asReadError } from "./read";
import { checkNotStandIn } from "./stand-in";
import { bounded } from "./unpack-limit";

const chunkBytes = 1 << 20;

/** The longest line, head of a file or cell that readers hold in memory, in bytes; longer ones are no survey's. */
export const longestLine = 1 << 24;

/**
 * A file's bytes, piece by piece: a file of any size in constant memory.
 * @throws UserError if it cannot be read
 */
export function* fileChunks(path: string, remedy?: string): Generator<Uint8Array> {
  let file: number;
  let size: number;
  try {
    file = openSync(path, "r");
    size = fstatSync(file).size;
  } catch (error) {
    throw asReadError(path, error, remedy);
  }
  // What ends at once has no stage.
  const step = size < 1e6 ? () => {} : stage(`reading ${basename(path)}`, size / 1e6, "MB");
  let done = 0;
  try {
    for (;;) {
      const bytes = Buffer.allocUnsafe(chunkBytes);
      const got = read(path, file, bytes, remedy);
      if (got === 0) return;
      done += got;
      step(done / 1e6);
      yield bytes.subarray(0, got);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * As `fileChunks`; of a file whose name ends in `.gz`, the unpacked bytes.
 * @throws UserError if it cannot be read, is cut short or damaged, or unpacks to more than `bounded` allows
 */
export function contentChunks(path: string, remedy?: string): Generator<Uint8Array> {
  const chunks = genuine(path, fileChunks(path, remedy));
  return isGzipName(path) ? bounded(path, chunks, (packed) => gunzip(path, packed)) : chunks;
}

/** The chunks, unless the file is a stand-in for what its name promises. */
function* genuine(path: string, chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let isStart = true;
  for (const chunk of chunks) {
    if (isStart) checkNotStandIn(path, chunk);
    isStart = false;
    yield chunk;
  }
}

/** Whether a file's name says that it is packed by gzip. */
export function isGzipName(path: string): boolean {
  return /\.gz$/i.test(path);
}

/** The pieces as one, of which there may be `most` bytes at most. @throws UserError where there are more */
export function joined(place: string, chunks: Iterable<Uint8Array>, most: number, remedy?: string): Buffer {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > most) {
      throw new UserError(
        `${place}: the file is larger than ${most >> 20} MiB, too large for its kind`,
        remedy,
      );
    }
  }
  return Buffer.concat(parts);
}

function read(path: string, file: number, bytes: Buffer, remedy?: string): number {
  try {
    return readSync(file, bytes);
  } catch (error) {
    throw asReadError(path, error, remedy);
  }
}
