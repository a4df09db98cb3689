import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../errors";
import { asReadError, fileChunks, isFile, twiceNamed, zipEntries } from "../../files";

/** A file of a download, in a folder or in a zip. */
export interface SourceFile {
  /** The file's name without folder. */
  name: string;
  /** Where it is, as errors say it: a path, or the zip's path and the name within. */
  place: string;
  /** Its bytes, piece by piece. */
  chunks(): Iterable<Uint8Array>;
}

/**
 * The files of a download: a folder's (not its subfolders'), a zip's, or one file with those that share its name up to
 * the extension.
 * @throws UserError if the path cannot be read or is a damaged zip, or one in which two files have one name
 */
export function sourceFiles(path: string): SourceFile[] {
  let folder: boolean;
  try {
    folder = statSync(path).isDirectory();
  } catch (error) {
    throw asReadError(path, error, "Give the folder or zip of a PSID Data Center download.");
  }
  if (folder) return filesOf(path);
  if (/\.zip$/i.test(path)) {
    const files = zipEntries(path).map(({ name, chunks }) => ({
      name: basename(name),
      place: `${path}:${name}`,
      chunks,
    }));
    const twice = twiceNamed(files.map(({ name }) => name.toUpperCase()));
    if (twice === undefined) return files;
    const places = files.filter(({ name }) => name.toUpperCase() === twice).map(({ place }) => place);
    throw new UserError(
      `${path}: two of its folders hold files of one name (${places.join(", ")})`,
      "Unpack it and give one of the folders.",
    );
  }
  const own = jobOf(basename(path));
  return filesOf(dirname(path)).filter(({ name }) => jobOf(name) === own);
}

/** What the files of one job of the Data Center share: `J342279` of `J342279.txt`, `J342279_labels.txt`. */
export function jobOf(name: string): string {
  return stemOf(name).replace(/_(labels|formats|codebook|columns)$/i, "");
}

/** A name without its extension, in capitals, since the files of a job may differ in case. */
export function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, "").toUpperCase();
}

function filesOf(folder: string): SourceFile[] {
  let names: string[];
  try {
    // Regular files alone: to open a pipe is to wait.
    names = readdirSync(folder)
      .filter((name) => isFile(join(folder, name)))
      .sort();
  } catch (error) {
    throw asReadError(folder, error);
  }
  return names.map((name) => {
    const place = join(folder, name);
    return { name, place, chunks: () => fileChunks(place) };
  });
}

/** A small file's bytes, or those at its head. @throws UserError if it is larger than that, unless only its head is wanted */
export function bytesOf(file: SourceFile, most = 64 << 20, head = false): Buffer {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const chunk of file.chunks()) {
    parts.push(chunk);
    length += chunk.length;
    if (length < most) continue;
    if (head) return Buffer.concat(parts).subarray(0, most);
    throw new UserError(`${file.place}: the file is too large to be statements`, "Check its name.");
  }
  return Buffer.concat(parts);
}
