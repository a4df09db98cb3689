import { closeSync, openSync, readSync } from "node:fs";
import { asReadError } from "./read";

const chunkBytes = 1 << 20;

/**
 * A file's bytes, piece by piece: a file of any size in constant memory.
 * @throws UserError if it cannot be read
 */
export function* fileChunks(path: string): Generator<Uint8Array> {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw asReadError(path, error);
  }
  try {
    for (;;) {
      const bytes = Buffer.allocUnsafe(chunkBytes);
      const got = read(path, file, bytes);
      if (got === 0) return;
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
