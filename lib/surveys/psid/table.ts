import { statSync } from "node:fs";
import { UserError } from "../../errors";
import type { Column } from "./column";
import { isSeparatorLine, readCsvExport, variablesOf } from "./csv-export";
import { readFixedWidth } from "./fixed-width";
import { readLabels, readLayout } from "./layout";
import { bytesOf, jobOf, type SourceFile, sourceFiles, stemOf } from "./source";

/** The wanted variables of one file of a download: a column each, one number a row. */
export interface PsidTable {
  /** The data file, as errors say it. */
  place: string;
  rows: number;
  columns: ReadonlyMap<string, Column>;
  /** What each variable of the file is, where its statements or labels say it. */
  labels: ReadonlyMap<string, string>;
}

/** A data file with what tells its layout. */
interface DataFile {
  data: SourceFile;
  /** Statements of a fixed-width file; none for a csv. */
  statements?: SourceFile;
  labels?: SourceFile;
}

/**
 * Reads the wanted variables of all data files of a PSID Data Center download: fixed-width `.txt` with its `.do` or
 * `.sps`, or the `.csv` export with its labels, in a folder or a zip. Of a job that has both, the `.txt` is read.
 * @param path a folder, a zip, or one of the files
 * @param wanted names of variables, in capitals; all of them by default
 * @throws UserError where there is no such file, or with file and line what is wrong in one
 */
export function readPsidTables(path: string, wanted?: readonly string[]): PsidTable[] {
  const names = wanted === undefined ? undefined : new Set(wanted);
  const isWanted = (variable: string) => names?.has(variable) ?? true;
  const found = dataFiles(filesAt(path));
  if (found.length === 0) {
    throw new UserError(
      `${path}: there is no .txt with a .do or .sps of the same name, and no .csv`,
      "Give the folder or zip of a PSID Data Center download.",
    );
  }
  return found.map(({ data, statements, labels }) => {
    const place = data.place;
    if (statements === undefined) {
      const words = labels === undefined ? new Map<string, string>() : readLabels(labels);
      return { place, labels: words, ...readCsvExport(data, isWanted) };
    }
    const layout = readLayout(statements);
    return { place, labels: layout.labels, ...readFixedWidth(data, layout, isWanted) };
  });
}

/**
 * `readPsidTables` of a download that holds one data file.
 * @throws UserError as `readPsidTables`, and where there are several
 */
export function readPsidTable(path: string, wanted?: readonly string[]): PsidTable {
  const tables = readPsidTables(path, wanted);
  if (tables.length === 1) return tables[0];
  throw new UserError(
    `${path}: there are ${tables.length} data files (${tables.map(({ place }) => place).join(", ")})`,
    "Give the path of one of them.",
  );
}

/** The files at a path; of a folder also those in its zips of individuals and families, as the PSID hands them out. */
function filesAt(path: string): SourceFile[] {
  const files = sourceFiles(path);
  if (!statSync(path).isDirectory()) return files;
  const zips = files.filter(({ name }) => /\.zip$/i.test(name));
  return [...files, ...zips.flatMap(({ name, place }) => membersOf(name, place))];
}

function membersOf(name: string, place: string): SourceFile[] {
  let members: SourceFile[];
  try {
    members = sourceFiles(place);
  } catch (error) {
    if (!(error instanceof UserError) || /^(ind|fam|j)\d/i.test(name)) throw error;
    return []; // a damaged archive of something else
  }
  return dataFiles(members).some(isPsids) ? members : [];
}

/** Whether a data file holds variables of the PSID, by the head of what tells its layout. */
function isPsids({ data, statements }: DataFile): boolean {
  const head = bytesOf(statements ?? data, 1 << 16, true).toString("latin1");
  if (statements !== undefined) return /PSID DATA CENTER|FILE\s*=\s*PSID\b|\b(V|ER)\d+\s+\d+/i.test(head);
  return headerIn(head).some((name) => /^(V|ER)\d+$/.test(name));
}

function headerIn(head: string): string[] {
  const [first, second = ""] = head.replace(/^\xef\xbb\xbf/, "").split(/\r?\n|\r/, 2);
  return variablesOf(isSeparatorLine(first) ? second : first);
}

function dataFiles(files: readonly SourceFile[]): DataFile[] {
  const found = new Map<string, DataFile>();
  const named = new Map<string, SourceFile>();
  for (const file of [...files].reverse()) named.set(file.name.toUpperCase(), file);
  for (const extension of [".do", ".sps"]) {
    for (const data of files) {
      if (!/\.(txt|dat)$/i.test(data.name) || found.has(stemOf(data.name))) continue;
      const statements = named.get(nameWith(data, extension));
      if (statements !== undefined) found.set(stemOf(data.name), { data, statements });
    }
  }
  for (const data of files) {
    const stem = stemOf(data.name);
    if (!/\.(csv|tsv|tab)$/i.test(data.name) || jobOf(data.name) !== stem || found.has(stem)) continue;
    const labels = named.get(`${stem}_LABELS.TXT`);
    found.set(stem, { data, labels });
  }
  return [...found.values()];
}

function nameWith({ name }: SourceFile, extension: string): string {
  return stemOf(name) + extension.toUpperCase();
}

/**
 * Whether a path looks like a download of the PSID Data Center: names of files, then the head of one.
 * @throws UserError where it cannot be told: a file or archive that cannot be read, is cut short, damaged or encrypted
 */
export function isPsidDownload(path: string): boolean {
  const tellsWho = ({ data, statements }: DataFile) => {
    const head = bytesOf(statements ?? data, 1 << 16, true).toString("latin1");
    if (statements !== undefined) return /PSID DATA CENTER|FILE\s*=\s*PSID\b|\bER3000[12]\b/i.test(head);
    const variables = headerIn(head);
    return variables.includes("ER30001") && variables.includes("ER30002");
  };
  const own = dataFiles(sourceFiles(path));
  if (own.some(tellsWho)) return true;
  // In a folder of zips, a table of something else is a survey beside them.
  return own.every(isPsids) && dataFiles(filesAt(path)).some(tellsWho);
}
