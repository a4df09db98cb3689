import { readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { UserError } from "../../errors";
import {
  asReadError,
  contentChunks,
  decodeText,
  isFile,
  isFolder,
  joined,
  looksLikeZip,
  separatorOf,
  twiceNamed,
  zipEntries,
} from "../../files";
import { plainName, referenceNumber } from "./reference-number";

/** A file of a download: in a folder, or in a zip archive. */
export interface Member {
  /** For messages: `downloads/nlsy79.zip/nlsy79.csv`. */
  place: string;
  /** File name without folders. */
  name: string;
  /** The contents, in pieces; a file on disk is never in memory as a whole. */
  chunks(): Iterable<Uint8Array>;
}

/** One extract of NLS Investigator: a data file and what describes it. */
export interface Extract {
  data: Member;
  format: "csv" | "dat" | "dct";
  /** The other files of the same name, by what follows the name, in small letters: ".sdf", ".nlsy79" ... */
  companions: ReadonlyMap<string, Member>;
}

/** Most bytes of a file that describes variables. */
const largestCompanion = 2 ** 26;

const formats = ["csv", "dat", "dct"] as const;

/**
 * The extract at a path: a zip archive as downloaded, a folder into which one was unpacked (or that holds the zip
 * archive), or a data file, whose companions are looked for beside it. Of a .csv, .dat and .dct of the same name the
 * first is read.
 * @throws UserError if there is none or more than one, or the archive is damaged
 */
export function findExtract(path: string): Extract {
  const extracts = extractsAt(path);
  if (extracts.length === 1) return extracts[0];
  if (extracts.length === 0) {
    throw new UserError(
      `${path}: no data file of NLS Investigator (.csv, .dat or .dct, with reference numbers such as R0000100)`,
      "Give the zip file that NLS Investigator made, or the folder into which it was unpacked.",
    );
  }
  const list = extracts.map(({ data }) => data.name);
  const names = (twiceNamed(list) ? extracts.map(({ data }) => data.place) : list).join(", ");
  throw new UserError(`${path}: more than one data file (${names})`, "Give the path of the one to read.");
}

/** The extracts at a path; none where it holds none. @throws UserError if it cannot be read */
export function extractsAt(path: string): Extract[] {
  const stats = stat(path);
  if (stats.isDirectory()) return inFolder(path);
  if (isZip(path)) return grouped(zipMembers(path));
  const beside = namesakesOf(path).map((name) => diskMember(join(dirname(path), name)));
  const own = grouped([diskMember(path), ...beside.filter(({ name }) => !isData(name))]);
  return own.filter(({ data }) => data.name === basename(path));
}

/** The folder that was listed last: each of its thousand files may be asked about. */
let listed: { folder: string; changed: number; byStem: ReadonlyMap<string, readonly string[]> } | undefined;

/** Files in a file's folder with its name up to the ending. */
function namesakesOf(path: string): readonly string[] {
  const folder = dirname(path);
  const changed = stat(folder).mtimeMs;
  if (listed?.folder !== folder || listed.changed !== changed) {
    const byStem = new Map<string, string[]>();
    for (const name of namesIn(folder)) {
      const stem = stemOf(name);
      const group = byStem.get(stem) ?? [];
      group.push(name);
      byStem.set(stem, group);
    }
    listed = { folder, changed, byStem };
  }
  return listed.byStem.get(stemOf(basename(path))) ?? [];
}

function inFolder(path: string): Extract[] {
  const names = namesIn(path);
  const found = grouped(
    names.filter((name) => isFile(join(path, name))).map((n) => diskMember(join(path, n))),
  );
  if (found.length > 0) return found;
  const zipped = inZips(names.filter((name) => /\.zip$/i.test(name)).map((name) => join(path, name)));
  if (zipped.length > 0) return zipped;
  const folders = names.filter((name) => isFolder(join(path, name)));
  return folders.flatMap((name) => {
    const inside = join(path, name);
    return grouped(
      namesIn(inside)
        .map((n) => join(inside, n))
        .filter(isFile)
        .map(diskMember),
    );
  });
}

/** The extracts of some zip archives. @throws UserError where one is damaged and no other holds an extract */
function inZips(paths: readonly string[]): Extract[] {
  const found: Extract[] = [];
  let reason: UserError | undefined;
  for (const path of paths) {
    try {
      found.push(...extractsAt(path));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      reason ??= error;
    }
  }
  if (found.length === 0 && reason !== undefined) throw reason;
  return found;
}

/** Members by folder and name without extension; those with a data file that is Investigator's. */
function grouped(members: Member[]): Extract[] {
  const stems = new Map<string, Map<string, Member>>();
  for (const member of members) {
    if (member.name.startsWith("._")) continue; // what macOS adds to archives
    const stem = stemOf(member.name);
    const key = join(dirname(member.place), stem);
    const group = stems.get(key) ?? new Map<string, Member>();
    group.set(member.name.slice(stem.length).toLowerCase(), member);
    stems.set(key, group);
  }
  const extracts: Extract[] = [];
  for (const companions of stems.values()) {
    for (const format of formats) {
      const ends = format === "csv" ? [".csv", ".csv.gz"] : [`.${format}`];
      const [data] = ends.flatMap((end) => companions.get(end) ?? []);
      // A spreadsheet saves tabs under these names; files of other kinds bear them too, whatever lies beside.
      const saved =
        format !== "csv" ? [] : [".tsv", ".tab", ".txt"].flatMap((end) => companions.get(end) ?? []);
      const file =
        data !== undefined && isInvestigators(data, format, companions)
          ? data
          : saved.find((one) => isInvestigators(one, "csv", new Map()));
      if (file === undefined) continue;
      extracts.push({ data: file, format, companions });
      break;
    }
  }
  return extracts;
}

/** By a companion that lists the variables; without one, a .csv by its header's names, a .dct by its head. */
function isInvestigators(data: Member, format: Extract["format"], companions: ReadonlyMap<string, Member>) {
  if ([...companions.keys()].some((end) => end === ".sdf" || /^\.NLSY/i.test(end))) return true;
  if (format === "dat") return false;
  const start = headerOf(data);
  if (format === "dct") return /^\s*infile\s+dictionary/i.test(start);
  const names = start.split(separatorOf(start)).map((cell) => cell.replaceAll('"', "").trim());
  return names.some(
    (name) => referenceNumber(name) !== undefined || /^(CASEID|PUBID)_/.test(plainName(name)),
  );
}

const longestHeader = 1 << 20;

/** The line that names the columns, however long: identifiers may stand behind thousands of other names. */
function headerOf(member: Member): string {
  const held: Uint8Array[] = [];
  let length = 0;
  for (const chunk of member.chunks()) {
    held.push(chunk);
    length += chunk.length;
    const text = decodeText(Buffer.concat(held).subarray(0, longestHeader));
    const line = firstNames(text);
    if (line !== undefined || length >= longestHeader) return line ?? text;
  }
  return decodeText(Buffer.concat(held));
}

/** The first line that is neither blank nor Excel's `sep=`; undefined where none ends. Line by line: one may be a megabyte long. */
function firstNames(text: string): string | undefined {
  let start = 0;
  for (;;) {
    const end = text.indexOf("\n", start);
    if (end === -1) return undefined;
    const line = text.slice(start, end);
    if (line.trim() !== "" && !/^"?sep=/i.test(line)) return line;
    start = end + 1;
  }
}

function firstBytes(member: Member, count: number): Uint8Array {
  for (const chunk of member.chunks()) return chunk.subarray(0, count);
  return new Uint8Array(0);
}

/** The text of a companion, or undefined where the extract has none that ends so. */
export function companionText(extract: Extract, end: string): string | undefined {
  const member = extract.companions.get(end);
  return member && decodeText(joined(member.place, member.chunks(), largestCompanion));
}

function stemOf(name: string): string {
  return name.replace(/(-value-labels\.do|\.csv\.gz|\.[^.]*)$/i, "");
}

function isData(name: string): boolean {
  return /\.(csv|dat|dct|csv\.gz|tsv|tab)$/i.test(name);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw asReadError(folder, error);
  }
}

function stat(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    throw asReadError(path, error, "Give the zip file, folder or data file of a download.");
  }
}

function isZip(path: string): boolean {
  if (extname(path).toLowerCase() === ".zip") return true;
  return looksLikeZip(firstBytes(diskMember(path), 4));
}

function zipMembers(path: string): Member[] {
  return zipEntries(path).map(({ name, chunks }) => ({
    place: `${path}/${name}`,
    name: basename(name),
    chunks,
  }));
}

function diskMember(path: string): Member {
  return { place: path, name: basename(path), chunks: () => contentChunks(path) };
}
