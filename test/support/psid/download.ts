import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import type { PsidVariables } from "labor-llm/dist/surveys/psid/variables";
import { type Person, waves } from "./careers";
import { type Column, familyColumns, individualColumns } from "./rows";

/** How the Data Center hands a job out. */
export interface Form {
  statements: "do" | "sps" | "csv";
  /** One merged extract, a file of individuals and one a wave of families, or one file of all families. */
  files: "merged" | "family files" | "one family file";
  zip: boolean;
}

/** The files of a synthetic download, by name; every name says SYNTHETIC. */
export function downloadFiles(
  persons: readonly Person[],
  variables: PsidVariables,
  { statements, files }: Omit<Form, "zip">,
): Record<string, string> {
  const individuals = individualColumns(persons, variables);
  if (files === "merged") {
    const families = waves.flatMap((year) => familyColumns(persons, variables, year, persons));
    return job("J900001_SYNTHETIC", "IND", [...individuals, ...families], statements);
  }
  const parts = job("J900001_SYNTHETIC", "IND", individuals, statements);
  if (files === "one family file") {
    const families = waves.flatMap((year) => familyColumns(persons, variables, year, persons));
    return { ...parts, ...job("J900002_SYNTHETIC", "FAM", families, statements) };
  }
  waves.forEach((year, w) => {
    const members = new Map<number, Person>();
    for (const person of persons) {
      const { place, family } = person.waves[w];
      if (["reference", "spouse", "child"].includes(place) && !members.has(family))
        members.set(family, person);
    }
    const families = familyColumns(persons, variables, year, [...members.values()]);
    if (members.size > 0) Object.assign(parts, job(`FAM${year}_SYNTHETIC`, "FAM", families, statements));
  });
  return parts;
}

/** Writes a synthetic download. @returns the path of the folder or zip */
export function writeDownload(
  folder: string,
  files: Record<string, string | Uint8Array>,
  zip: boolean,
): string {
  mkdirSync(folder, { recursive: true });
  const bytes = Object.entries(files).map(([name, contents]) => [name, Buffer.from(contents)] as const);
  if (!zip) {
    for (const [name, contents] of bytes) writeFileSync(join(folder, name), contents);
    return folder;
  }
  const path = join(folder, "J900001_SYNTHETIC.zip");
  writeFileSync(path, zipSync(Object.fromEntries(bytes.map(([name, b]) => [name, new Uint8Array(b)]))));
  return path;
}

function job(
  name: string,
  domain: string,
  columns: readonly Column[],
  statements: Form["statements"],
): Record<string, string> {
  const rows = columns[0].cells.length;
  const end = "\r\n";
  if (statements === "csv") {
    const lines = [columns.map(({ variable }) => variable).join(",")];
    for (let row = 0; row < rows; row++) lines.push(columns.map(({ cells }) => cells[row]).join(","));
    return { [`${name}.csv`]: lines.join(end) + end, [`${name}_labels.txt`]: labelsFile(name, columns) };
  }
  const records = Array.from({ length: rows }, (_, row) =>
    columns.map(({ cells, width }) => cells[row].padStart(width)).join(""),
  );
  const head = `*  PSID DATA CENTER *****************************************************
   JOBID            : 900001
   DATA_DOMAIN      : ${domain}
   OUTPUT_DATA_TYPE : ASCII
   STATEMENTS       : ${statements}
   N_OF_VARIABLES   : ${columns.length}
   N_OF_OBSERVATIONS: ${rows}
   MAX_REC_LENGTH   : ${columns.reduce((sum, { width }) => sum + width, 0)}
*************************************************************************`;
  const text = statements === "do" ? stata(name, head, columns) : spss(name, head, columns);
  return { [`${name}.${statements}`]: text, [`${name}.txt`]: records.join(end) + end };
}

/** Three variables a line, each with its columns. */
function places(columns: readonly Column[], typed: boolean): string {
  let at = 0;
  const items = columns.map(({ variable, width }) => {
    const start = at + 1;
    at += width;
    const type = typed && width > 4 ? " long " : "      ";
    return `${type}${variable.padEnd(18)} ${String(start).padStart(4)} - ${String(at).padEnd(5)}`;
  });
  const lines = [];
  for (let i = 0; i < items.length; i += 3) lines.push(items.slice(i, i + 3).join(""));
  return lines.join("\n");
}

function stata(name: string, head: string, columns: readonly Column[]): string {
  const labels = columns.map(
    ({ variable, label }) => `label variable ${variable.padEnd(15)} "${label.padEnd(40)}"                 ;`,
  );
  return `#delimit ;\n${head}\n;\n\ninfix\n${places(columns, true)}\nusing ${name}.txt, clear\n;\n${labels.join("\n")}\n`;
}

function spss(name: string, head: string, columns: readonly Column[]): string {
  const labels = columns.map(({ variable, label }) => `   ${variable.padEnd(10)} "${label.padEnd(40)}"`);
  return `${head}.

FILE HANDLE PSID / NAME = '[PATH]\\${name}.txt' LRECL = ${columns.reduce((sum, { width }) => sum + width, 0)} .
DATA LIST FILE = PSID FIXED /
${places(columns, false)}
   .
   EXECUTE .
   VARIABLE LABELS
${labels.join("\n")}
   .
`;
}

function labelsFile(name: string, columns: readonly Column[]): string {
  const lines = columns.map(({ variable, label }) => `${variable.padEnd(10)} ${label.padEnd(40)}`);
  return `****** PSID DATA CENTER *************************
****** Variable labels for JobID = ${name} *******

Variable    Labels

${lines.join("\n")}

*** End of labels *******************************
`;
}
