import { referenceNumber } from "./reference-number";

/** A variable as NLS Investigator's short description file (.sdf) tells of it. */
export interface DescribedVariable {
  reference: string;
  /** Survey year, or "XRND" (all rounds), "78SCRN" (the screener). */
  release: string;
  description: string;
  question: string;
}

/** The variables of a short description file, in its order, which is that of the .dat file's columns. */
export function parseShortDescriptions(text: string): DescribedVariable[] {
  const variables: DescribedVariable[] = [];
  for (const line of text.split("\n")) {
    // Cut from both ends: one pattern of the whole line would try each way to share out a run of blanks.
    const [, number, release] = /^(\S+)\s+(\S+)(?=\s)/.exec(line) ?? [];
    const reference = number === undefined ? undefined : referenceNumber(number);
    if (reference === undefined) continue;
    const rest = line.slice(line.indexOf(release, number.length) + release.length).trim();
    const cells = rest.split(/\s{2,}/);
    const question = cells.pop() as string;
    if (cells.length === 0 || /\s/.test(question)) continue;
    variables.push({ reference, release, description: rest.slice(0, -question.length).trimEnd(), question });
  }
  return variables;
}

/** The reference numbers of a tagset, one a line. */
export function parseTagset(text: string): string[] {
  return text
    .split("\n")
    .map(referenceNumber)
    .filter((reference) => reference !== undefined);
}

/** The names in the head of a Stata dictionary (.dct), `infile dictionary { R0000100 "..." ... }`. */
export function parseStataDictionary(head: string): string[] {
  const names: string[] = [];
  for (const line of head.split("\n")) {
    const [, name] = /^\s*([A-Za-z]\d{7})\s+"/.exec(line) ?? [];
    if (name !== undefined) names.push(name.toUpperCase());
  }
  return names;
}

/** The value labels of a Stata do-file, by reference number. */
export function parseValueLabels(text: string): Map<string, Map<number, string>> {
  const labels = new Map<string, Map<number, string>>();
  for (const [, name, pairs] of text.matchAll(/^[ \t]*label define vl(\w+)[ \t]+(.*)$/gm)) {
    const reference = referenceNumber(name);
    if (reference === undefined) continue;
    const known = new Map<number, string>();
    for (const [, code, label] of pairs.matchAll(/(?<!\d)(-?\d+)\s+"([^"]*)"/g))
      known.set(Number(code), label);
    labels.set(reference, known);
  }
  return labels;
}
