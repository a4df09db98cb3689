import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { stage } from "../stages";
import { asReadError } from "./read";

const chunkBytes = 1 << 20;

/**
 * A file's bytes, piece by piece: a file of any size in constant memory.
 * @throws UserError if it cannot be read
 */
export function* fileChunks(path: string): Generator<Uint8Array> {
  let file: number;
  let size: number;
  try {
    file = openSync(path, "r");
    size = fstatSync(file).size;
  } catch (error) {
    throw asReadError(path, error);
  }
  const step = stage(`reading ${basename(path)}`, size / 1e6, "MB");
  let done = 0;
  try {
    for (;;) {
      const bytes = Buffer.allocUnsafe(chunkBytes);
      const got = read(path, file, bytes);
      if (got === 0) return;
      done += got;
      step(done / 1e6);
      yield bytes.subarray(0, got);
    }
  } finally {
    closeSync(file);
  }
}

function read(path: string, file: number, bytes: Buffer): number {
  try {
    return readSync(file, bytes);
  } catch (error) {
    throw asReadError(path, error);
  }
}
