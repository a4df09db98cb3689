import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import yauzl from "yauzl";

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
 */
export async function unpackWheel(
  wheel: string,
  folder: string,
  wanted: (path: string) => boolean,
  onBytes: (bytes: number) => void,
): Promise<Unpacked[]> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(wheel, { lazyEntries: true, autoClose: false }, (error, file) =>
      error ? reject(error) : resolve(file),
    );
  });
  try {
    const entries = (await listEntries(zip)).filter(({ fileName }) => wanted(fileName));
    const unpacked: Unpacked[] = [];
    for (const entry of entries) unpacked.push(await unpackEntry(zip, entry, folder, onBytes));
    return unpacked;
  } finally {
    zip.close();
  }
}

/** yauzl refuses names that would leave the folder ("../", absolute) before they come here. */
function listEntries(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  const entries: yauzl.Entry[] = [];
  return new Promise((resolve, reject) => {
    zip.on("entry", (entry: yauzl.Entry) => {
      if (!entry.fileName.endsWith("/")) entries.push(entry);
      zip.readEntry();
    });
    zip.on("end", () => resolve(entries)).on("error", reject);
    zip.readEntry();
  });
}

async function unpackEntry(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<Unpacked> {
  const source = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
  const target = join(folder, entry.fileName);
  mkdirSync(dirname(target), { recursive: true });
  const hash = createHash("sha256");
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  // Wheels keep Unix permissions in the upper half; ptxas must stay executable.
  const mode = (entry.externalFileAttributes >>> 16) & 0o755 || 0o644;
  await pipeline(source, meter, createWriteStream(target, { mode: mode | 0o600, flush: true }));
  return { path: entry.fileName, bytes, sha256: hash.digest("hex") };
}
