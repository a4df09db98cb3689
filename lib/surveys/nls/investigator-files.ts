import { readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { UserError } from "../../errors";
import { fileChunks } from "../../files/chunks";
import { isFile, isFolder } from "../../files/kind";
import { asReadError } from "../../files/read";
import { decodeText, readBytes } from "../../files/text";
import { looksLikeZip, zipEntries } from "../../files/zip";
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
  /** The other files of the same name, by what follows the name: ".sdf", "-value-labels.do", ".NLSY79" ... */
  companions: ReadonlyMap<string, Member>;
}

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
  const names = extracts.map(({ data }) => data.name).join(", ");
  throw new UserError(`${path}: more than one data file (${names})`, "Give the path of the one to read.");
}

/** The extracts at a path; none where it holds none. @throws UserError if it cannot be read */
export function extractsAt(path: string): Extract[] {
  const stats = stat(path);
  if (stats.isDirectory()) return inFolder(path);
  if (isZip(path)) return grouped(zipMembers(path));
  const beside = namesIn(dirname(path))
    .filter((name) => stemOf(name) === stemOf(basename(path)))
    .map((name) => diskMember(join(dirname(path), name)));
  const own = grouped([diskMember(path), ...beside.filter(({ name }) => !isData(name))]);
  return own.filter(({ data }) => data.name === basename(path));
}

function inFolder(path: string): Extract[] {
  const names = namesIn(path);
  const found = grouped(
    names.filter((name) => isFile(join(path, name))).map((n) => diskMember(join(path, n))),
  );
  if (found.length > 0) return found;
  const zips = names.filter((name) => name.toLowerCase().endsWith(".zip"));
  const zipped = zips.flatMap((name) => extractsAt(join(path, name)));
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

/** Members by name without extension; those with a data file that is Investigator's. */
function grouped(members: Member[]): Extract[] {
  const stems = new Map<string, Map<string, Member>>();
  for (const member of members) {
    if (member.name.startsWith("._")) continue; // what macOS adds to archives
    const stem = stemOf(member.name);
    const group = stems.get(stem) ?? new Map<string, Member>();
    group.set(member.name.slice(stem.length), member);
    stems.set(stem, group);
  }
  const extracts: Extract[] = [];
  for (const companions of stems.values()) {
    for (const format of formats) {
      const data = companions.get(`.${format}`) ?? companions.get(`.${format.toUpperCase()}`);
      const gz = format === "csv" ? companions.get(".csv.gz") : undefined;
      const file = data ?? gz;
      if (file === undefined || !isInvestigators(file, format, companions)) continue;
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
  const start = decodeText(firstBytes(data, 4096));
  if (format === "dct") return /^\s*infile\s+dictionary/i.test(start);
  const [header] = start.split("\n", 1);
  const names = header.split(",").map((cell) => cell.replaceAll('"', "").trim());
  return names.some(
    (name) => referenceNumber(name) !== undefined || /^(CASEID|PUBID)_/.test(plainName(name)),
  );
}

function firstBytes(member: Member, count: number): Uint8Array {
  for (const chunk of member.chunks()) return chunk.subarray(0, count);
  return new Uint8Array(0);
}

/** The text of a companion, or undefined where the extract has none that ends so. */
export function companionText(extract: Extract, end: string): string | undefined {
  const member = extract.companions.get(end);
  return member === undefined ? undefined : decodeText(Buffer.concat([...member.chunks()]));
}

function stemOf(name: string): string {
  return name.replace(/(-value-labels\.do|\.csv\.gz|\.[^.]*)$/i, "");
}

function isData(name: string): boolean {
  return /\.(csv|dat|dct|csv\.gz)$/i.test(name);
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
  const chunks = path.endsWith(".gz") ? () => [readBytes(path)] : () => fileChunks(path);
  return { place: path, name: basename(path), chunks };
}
