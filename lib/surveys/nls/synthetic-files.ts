import { join } from "node:path";
import { zipSync } from "fflate";
import { makeFolder, writeFileAtomically } from "../../files";
import type { SyntheticDownload } from "./synthetic-download";
import type { SurveyVariable } from "./variables";

/** How the files name their columns: "R0000100", "R00001.00" or "CASEID_1979". */
export type ColumnNames = "reference" | "dotted" | "question";

export interface DownloadFileOptions {
  /** File name without extension; "SYNTHETIC_nlsy79" by default. */
  name?: string;
  columnNames?: ColumnNames;
  lineEnd?: "\n" | "\r\n";
}

/** The files of NLS Investigator, by what follows the name. */
export type DownloadEnding = ".csv" | ".dat" | ".dct" | ".sdf" | "-value-labels.do" | ".NLSY79" | ".NLSY97";

/** Writes some of a synthetic download's files into a folder. @returns their paths, in the order asked for */
export function writeDownloadFiles(
  folder: string,
  download: SyntheticDownload,
  endings: readonly DownloadEnding[],
  options: DownloadFileOptions = {},
): string[] {
  makeFolder(folder);
  return endings.map((ending) => {
    const path = join(folder, `${nameOf(download, options)}${ending}`);
    writeFileAtomically(path, contentsOf(download, ending, options));
    return path;
  });
}

/** Writes the zip archive that NLS Investigator would hand out: csv, dat, dct and what describes them. */
export function writeDownloadZip(
  path: string,
  download: SyntheticDownload,
  options: DownloadFileOptions = {},
): void {
  const tagset = `.${download.survey.toUpperCase()}` as DownloadEnding;
  const endings: DownloadEnding[] = [".sdf", tagset, "-value-labels.do", ".dct", ".dat", ".csv"];
  const files = endings.map((ending) => {
    const text = [...contentsOf(download, ending, options)].join("");
    return [`${nameOf(download, options)}${ending}`, Buffer.from(text)] as const;
  });
  writeFileAtomically(path, zipSync(Object.fromEntries(files), { mtime: new Date(1980, 0, 1) }));
}

function nameOf({ survey }: SyntheticDownload, { name }: DownloadFileOptions): string {
  return name ?? `SYNTHETIC_${survey}`;
}

function* contentsOf(
  download: SyntheticDownload,
  ending: DownloadEnding,
  { columnNames = "reference", lineEnd = "\n" }: DownloadFileOptions,
): Generator<string> {
  const { variables } = download;
  switch (ending) {
    case ".csv":
      yield `${variables.map((variable) => `"${columnName(variable, columnNames)}"`).join(",")}${lineEnd}`;
      yield* rows(download, ",", lineEnd);
      break;
    case ".dat":
      yield* rows(download, " ", lineEnd);
      break;
    case ".dct": {
      const entries = variables.map((variable) => `  ${variable.reference} "${description(variable)}"`);
      yield ["infile dictionary {", ...entries, "}", ""].join(lineEnd);
      yield* rows(download, " ", lineEnd);
      break;
    }
    case ".sdf":
      yield shortDescriptions(variables, lineEnd);
      break;
    case "-value-labels.do":
      yield valueLabels(variables, lineEnd);
      break;
    default:
      yield variables.map(({ reference }) => `${reference}${lineEnd}`).join("");
  }
}

function* rows({ columns }: SyntheticDownload, separator: string, lineEnd: string): Generator<string> {
  const count = columns[0].length;
  let text = "";
  for (let row = 0; row < count; row++) {
    let line = `${columns[0][row]}`;
    for (let place = 1; place < columns.length; place++) line += separator + columns[place][row];
    text += line + lineEnd;
    if (text.length < 1 << 20) continue;
    yield text;
    text = "";
  }
  yield text;
}

function columnName({ reference, question, release }: SurveyVariable, names: ColumnNames): string {
  if (names === "question") return `${question}_${release}`;
  return names === "dotted" ? dotted(reference) : reference;
}

function dotted(reference: string): string {
  return `${reference.slice(0, 6)}.${reference.slice(6)}`;
}

function description({ concept, item, year }: SurveyVariable): string {
  const words = [`SYNTHETIC ${concept.replaceAll("_", " ").toUpperCase()}`, item, year];
  return words.filter((word) => word !== undefined).join(" ");
}

function shortDescriptions(variables: readonly SurveyVariable[], lineEnd: string): string {
  const wide = Math.max(...variables.map((variable) => description(variable).length)) + 2;
  const names = Math.max(...variables.map(({ question }) => question.length), 13) + 2;
  const line = (number: string, year: string, text: string, question: string) =>
    number.padEnd(11) + year.padEnd(8) + text.padEnd(wide) + question.padEnd(names);
  return [
    "",
    "",
    "Reference",
    line("Number", "Year", "Variable Description", "Question Name"),
    "-".repeat(19 + wide + names),
    ...variables.map((one) => line(dotted(one.reference), one.release, description(one), one.question)),
    "",
  ].join(lineEnd);
}

function valueLabels(variables: readonly SurveyVariable[], lineEnd: string): string {
  const lines = variables
    .filter(({ concept }) => concept === "sex")
    .flatMap(({ reference }) => [
      `label define vl${reference}   1 "MALE"  2 "FEMALE"`,
      `label values ${reference} vl${reference}`,
    ]);
  return [...lines, ""].join(lineEnd);
}
