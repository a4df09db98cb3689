import { UserError } from "../../errors";
import { decodeText, longestLine, separatorLine, separatorOf } from "../../files";
import { clip } from "../../quote";
import { parseShortDescriptions, parseStataDictionary, parseTagset, parseValueLabels } from "./dictionary";
import { IntegerScanner } from "./integer-scanner";
import { companionText, type Extract, extractsAt, findExtract } from "./investigator-files";
import { plainName, questionColumn, referenceNumber } from "./reference-number";

/** A variable that a reader wants; its question and release find it in a file that names columns by questions. */
export interface WantedVariable {
  /** As "R0000100". */
  reference: string;
  /** "CASEID". */
  question?: string;
  /** Survey year or, for what belongs to no round, "XRND". */
  release?: string;
}

/** The wanted columns of a download. NLS Investigator's codes of missing values, -1 to -5, stay as they are. */
export interface InvestigatorTable {
  /** The data file, for messages. */
  place: string;
  /** Persons. */
  rows: number;
  /** By reference number; wanted variables that the file lacks are not among them. */
  columns: ReadonlyMap<string, Int32Array>;
  /** Reference numbers of the wanted variables that the file lacks. */
  missing: readonly string[];
  /** Reference numbers of all of the file's variables; one whose name tells none has its name here. */
  variables: readonly string[];
  /** The survey, "NLSY79", where a companion file tells it. */
  survey?: string;
  /** `nlsy79.csv:17` */
  placeOf(row: number): string;
  /** The labels of a variable's values, from the do-file of the download; empty where there are none. */
  labelsOf(reference: string): ReadonlyMap<number, string>;
}

/** The codes of NLS Investigator for a value that is missing. */
export const missingCodes = {
  refusal: -1,
  dontKnow: -2,
  invalidSkip: -3,
  validSkip: -4,
  nonInterview: -5,
} as const;

/**
 * Does the path hold what NLS Investigator makes? Looks at names and the head of files only.
 * @throws UserError where it cannot be told: a file or archive that cannot be read, is cut short, damaged or encrypted
 */
export function isInvestigatorDownload(path: string): boolean {
  return extractsAt(path).length > 0;
}

/**
 * Reads the wanted variables of an NLS Investigator download: a zip archive, a folder or a data file (.csv, .dat or
 * .dct). Columns may be named by reference numbers, with or without dot, or by questions ("CASEID_1979").
 * Memory: four bytes a person and wanted variable, and the unpacked file where it lies in a zip archive.
 * @param wanted the variables, by reference number or as `WantedVariable`
 * @throws UserError, with file and line where there is one: no or more than one data file, a damaged archive, names
 * that are not known or stand twice, a row with another number of cells, a wanted cell that is no whole number
 */
export function readInvestigatorTable(
  path: string,
  wanted: readonly (string | WantedVariable)[],
): InvestigatorTable {
  const extract = findExtract(path);
  const variables = distinct(wanted);
  const { place } = extract.data;
  let head: Head | undefined;
  let held: Uint8Array[] = [];
  let scanner: IntegerScanner | undefined;
  let slotOf = new Map<string, number>();
  for (const chunk of extract.data.chunks()) {
    if (scanner !== undefined) {
      scanner.push(chunk);
      continue;
    }
    held.push(chunk);
    const bytes = heldBytes(place, held);
    head = readHead(extract, bytes, variables);
    if (head === undefined) {
      held = [bytes];
      continue;
    }
    held = [];
    slotOf = slotsOf(place, head.references, variables);
    scanner = scannerOf(extract, head, slotOf);
    scanner.push(bytes.subarray(head.end));
  }
  if (scanner === undefined && held.length > 0) {
    const bytes = Buffer.concat([...held, Buffer.from("\n")]);
    head = readHead(extract, bytes, variables);
    if (head !== undefined) {
      slotOf = slotsOf(place, head.references, variables);
      scanner = scannerOf(extract, head, slotOf);
      scanner.push(bytes.subarray(head.end));
    }
  }
  if (head === undefined || scanner === undefined) throw empty(place);
  const { rows, columns, lines } = scanner.end();
  if (rows === 0) throw empty(place);
  let labels: Map<string, Map<number, string>> | undefined;
  return {
    place,
    rows,
    columns: new Map([...slotOf].map(([reference, slot]) => [reference, columns[slot]])),
    missing: variables.map(({ reference }) => reference).filter((reference) => !slotOf.has(reference)),
    variables: head.references,
    survey: surveyOf(extract),
    placeOf: (row) => `${place}:${lines[row]}`,
    labelsOf: (reference) => {
      labels ??= parseValueLabels(companionText(extract, "-value-labels.do") ?? "");
      return labels.get(reference) ?? new Map();
    },
  };
}

/**
 * The columns of a download by reference number, and its survey where a companion file tells it; only the head of the
 * data file is read.
 * @throws UserError as `readInvestigatorTable`, as far as the head goes
 */
export function headOf(
  path: string,
  wanted: readonly WantedVariable[],
): Pick<InvestigatorTable, "place" | "variables" | "survey"> {
  const extract = findExtract(path);
  const { place } = extract.data;
  let held: Uint8Array[] = [];
  for (const chunk of extract.data.chunks()) {
    held.push(chunk);
    const bytes = heldBytes(place, held);
    held = [bytes];
    const head = readHead(extract, bytes, wanted);
    if (head !== undefined) return { place, variables: head.references, survey: surveyOf(extract) };
  }
  throw empty(place);
}

function distinct(wanted: readonly (string | WantedVariable)[]): WantedVariable[] {
  const byReference = new Map<string, WantedVariable>();
  for (const one of wanted) {
    const variable = typeof one === "string" ? { reference: referenceNumber(one) ?? one } : one;
    byReference.set(variable.reference, variable);
  }
  return [...byReference.values()];
}

/** @throws UserError where the head of a file is too long to be one */
function heldBytes(place: string, held: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(held);
  if (bytes.length <= longestLine) return bytes;
  throw new UserError(
    `${place}: no line that names the variables ends in the first ${longestLine / 2 ** 20} MiB`,
    "Give the file as NLS Investigator made it, or download it again.",
  );
}

function empty(place: string): UserError {
  return new UserError(`${place}: the file has no persons`, "Download it again.");
}

/** What stands before the rows. */
interface Head {
  references: string[];
  /** What parts the cells of a row. */
  separator: string;
  /** Bytes and lines of the head. */
  end: number;
  lines: number;
}

/** The head of a data file; undefined while the bytes do not hold all of it. */
function readHead(extract: Extract, bytes: Buffer, wanted: readonly WantedVariable[]): Head | undefined {
  if (extract.format === "dat") {
    const end = hasByteOrderMark(bytes) ? 3 : 0;
    return { references: namesBeside(extract), separator: " ", end, lines: 0 };
  }
  if (extract.format === "dct") {
    const brace = bytes.indexOf("\n}");
    const end = brace === -1 ? -1 : lineEnd(bytes, brace + 2);
    if (end === -1) return undefined;
    const text = decodeText(bytes.subarray(0, end));
    const lines = text.split("\n").length - 1;
    return { references: parseStataDictionary(text), separator: " ", end, lines };
  }
  const mark = hasByteOrderMark(bytes) ? 3 : 0;
  const told = separatorLine(bytes.subarray(mark));
  let start = told === undefined ? 0 : mark + told.end;
  let lines = told === undefined ? 1 : 2;
  for (;;) {
    const end = lineEnd(bytes, start);
    if (end === -1) return undefined;
    const text = decodeText(bytes.subarray(start, end));
    if (text.trim() !== "") {
      const separator = told?.separator ?? separatorOf(text);
      return { references: referencesOf(extract, text, separator, wanted), separator, end, lines };
    }
    start = end;
    lines++;
  }
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** The place after the line that starts there, or -1. */
function lineEnd(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    if (bytes[at] === 10) return at + 1;
    if (bytes[at] === 13 && at + 1 < bytes.length) return bytes[at + 1] === 10 ? at + 2 : at + 1;
  }
  return -1;
}

/** Reference numbers of a header's names; a name that tells none stays as it is. */
function referencesOf(
  extract: Extract,
  line: string,
  separator: string,
  wanted: readonly WantedVariable[],
): string[] {
  const byQuestion = new Map<string, string>();
  const sdf = companionText(extract, ".sdf");
  for (const { reference, question, release } of [
    ...(sdf === undefined ? [] : parseShortDescriptions(sdf)),
    ...wanted,
  ]) {
    if (question !== undefined && release !== undefined) {
      byQuestion.set(questionColumn(question, release), reference);
    }
  }
  return line
    .replace(/\n$/, "")
    .split(separator)
    .map((cell) => {
      const name = cell.trim().replace(/^"(.*)"$/, "$1");
      return referenceNumber(name) ?? byQuestion.get(plainName(name)) ?? name;
    });
}

/** The names of a .dat file's columns, from the short descriptions or the tagset beside it. */
function namesBeside(extract: Extract): string[] {
  const sdf = companionText(extract, ".sdf");
  if (sdf !== undefined) return parseShortDescriptions(sdf).map(({ reference }) => reference);
  const tagset = [...extract.companions.keys()].find((end) => /^\.NLSY/i.test(end)) as string;
  return parseTagset(companionText(extract, tagset) as string);
}

function surveyOf(extract: Extract): string | undefined {
  const tagset = [...extract.companions.keys()].find((end) => /^\.NLSY/i.test(end));
  return tagset?.slice(1).toUpperCase();
}

/** For each wanted variable of the file, its place among them. */
function slotsOf(
  place: string,
  references: string[],
  wanted: readonly WantedVariable[],
): Map<string, number> {
  const seen = new Set<string>();
  for (const reference of references) {
    if (seen.has(reference)) {
      throw new UserError(`${place}: two columns are called ${clip(reference)}`, "Download it again.");
    }
    seen.add(reference);
  }
  const present = wanted.filter(({ reference }) => seen.has(reference));
  return new Map(present.map(({ reference }, slot) => [reference, slot]));
}

function scannerOf(extract: Extract, head: Head, slotOf: ReadonlyMap<string, number>): IntegerScanner {
  return new IntegerScanner({
    place: extract.data.place,
    firstLine: head.lines,
    separator: head.separator.charCodeAt(0),
    names: head.references,
    slots: Int32Array.from(head.references, (reference) => slotOf.get(reference) ?? -1),
    wanted: slotOf.size,
  });
}
