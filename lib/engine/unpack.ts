import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "../errors";
import { makeFolder, type ZipEntry, zipEntries } from "../files";

/** A file that was unpacked. */
export interface Unpacked {
  path: string;
  bytes: number;
  sha256: string;
}

/**
 * Unpacks some of a wheel's files, in streams: a library of 800 MB never lies in memory.
 * @param wanted by the path within the wheel
 * @param onBytes is told of each piece written
 * @throws UserError if the wheel cannot be read, is damaged, or names a file outside the folder
 */
export async function unpackWheel(
  wheel: string,
  folder: string,
  wanted: (path: string) => boolean,
  onBytes: (bytes: number) => void,
): Promise<Unpacked[]> {
  const entries = zipEntries(wheel).filter(({ name }) => wanted(name));
  const outside = entries.find(({ name }) => /^[/\\]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)/i.test(name));
  if (outside !== undefined) {
    throw new UserError(
      `${wheel}: it names a file outside its folder, "${outside.name}"`,
      "Download it again.",
    );
  }
  const unpacked: Unpacked[] = [];
  for (const entry of entries) unpacked.push(await unpackEntry(entry, folder, onBytes));
  return unpacked;
}

async function unpackEntry(
  entry: ZipEntry,
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<Unpacked> {
  const target = join(folder, entry.name);
  makeFolder(dirname(target));
  const hash = createHash("sha256");
  let bytes = 0;
  const metered = function* () {
    for (const chunk of entry.chunks()) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes(chunk.length);
      yield chunk;
    }
  };
  // Wheels keep Unix permissions; ptxas must stay executable.
  const mode = entry.mode & 0o755 || 0o644;
  const source = Readable.from(metered(), { objectMode: false });
  await pipeline(source, createWriteStream(target, { mode: mode | 0o600, flush: true }));
  return { path: entry.name, bytes, sha256: hash.digest("hex") };
}
