import { UserError } from "../../errors";
import { decodeText } from "../../files";
import { bytesOf, type SourceFile } from "./source";

/** Where a variable stands in each record of a fixed-width file. */
export interface Field {
  variable: string;
  /** Columns, counted from 1, both included. */
  start: number;
  end: number;
  /** Digits after a decimal point that the file does not write; 0 for almost all. */
  decimals: number;
  /** The field holds text, not a number. */
  text: boolean;
  /** Line of the statements that says so. */
  line: number;
}

/** What the statements of a fixed-width file (.do or .sps) say of it. */
export interface Layout {
  /** The statements' file, as errors say it. */
  place: string;
  fields: Field[];
  labels: ReadonlyMap<string, string>;
  /** Number of records, where the statements' head says it. */
  records?: number;
}

/**
 * Where the list of columns begins and ends, and how one of them is written. No pattern of this file can match a run of
 * characters in two ways, or it would try all of them on a text that is damaged: no `\s*` beside another, no word
 * without `\b`.
 */
interface Grammar {
  begin: RegExp;
  end: RegExp;
  field: RegExp;
  what: string;
}

const stata: Grammar = {
  begin: /^[ \t]*infix\b/im,
  end: /\busing\b/i,
  field:
    /(?:(?<type>byte|int|long|float|double|str\d*)\s+)?(?<name>[a-z_]\w*)\s+(?<start>\d+)(?:\s*-\s*(?<end>\d+))?(?=\s|$)/iy,
  what: "infix statement that ends with using",
};

const spss: Grammar = {
  begin: /^[ \t]*data\s+list\b[^/'"]*(?:(?:'[^']*'|"[^"]*")[^/'"]*)*\//im,
  end: /\.[ \t]*$/m,
  field:
    /(?<name>[a-z_]\w*)\s+(?<start>\d+)(?:\s*-\s*(?<end>\d+))?(?:\s*\((?:\s*(?<type>A|F))?(?:\s*,)?(?:\s*(?<decimals>\d+))?\s*\))?(?=\s|$)/iy,
  what: "DATA LIST statement that ends with a period",
};

/**
 * Reads the statements of a fixed-width file: Stata's `infix` (.do) or SPSS's `DATA LIST` (.sps).
 * @throws UserError with file and line: no such statement, one that cannot be read, a variable named twice, columns
 * that run backwards or overlap
 */
export function readLayout(file: SourceFile): Layout {
  const text = decodeText(bytesOf(file));
  const grammar = /\.sps$/i.test(file.name) ? spss : stata;
  const fields = readFields(file.place, text, grammar);
  checkFields(file.place, fields);
  const records = /^[ \t]*(?:N_OF_OBSERVATIONS|Rows)[ \t]*:[ \t]*(\d+)/m.exec(text)?.[1];
  return {
    place: file.place,
    fields,
    labels: grammar === spss ? spssLabels(text) : stataLabels(text),
    records: records === undefined ? undefined : Number(records),
  };
}

function readFields(place: string, text: string, { begin, end, field, what }: Grammar): Field[] {
  const opening = begin.exec(text);
  const from = opening === null ? -1 : opening.index + opening[0].length;
  const length = from === -1 ? -1 : text.slice(from).search(end);
  if (length === -1) {
    throw new UserError(`${place}: there is no ${what}`, "Take the statements that came with the data.");
  }
  // Comments and continuation marks become blanks, so that places stay what they are.
  const block = withoutComments(text.slice(from, from + length));
  const lines = new Lines(text);
  const fields: Field[] = [];
  const gap = /\s*/y;
  for (let at = 0; ; ) {
    gap.lastIndex = at;
    at += gap.exec(block)?.[0].length ?? 0;
    if (at === block.length) return fields;
    field.lastIndex = at;
    const groups = field.exec(block)?.groups;
    if (groups === undefined) {
      const found = block.slice(at, at + 30).split("\n", 1)[0];
      throw new UserError(
        `${place}:${lines.at(from + at)}: "${found}" is not a variable and its columns`,
        "Take the statements as the Data Center wrote them.",
      );
    }
    fields.push({
      variable: groups.name.toUpperCase(),
      start: Number(groups.start),
      end: Number(groups.end ?? groups.start),
      decimals: Number(groups.decimals ?? 0),
      text: /^(str|A$)/i.test(groups.type ?? ""),
      line: lines.at(from + at),
    });
    at = field.lastIndex;
  }
}

function withoutComments(text: string): string {
  const parts: string[] = [];
  const opening = /\/\*|\/\/\//g;
  let from = 0;
  let blocksEnd = true; // a comment that no mark ends is none, and none after it is
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const isBlock = found[0] === "/*";
    if (isBlock && !blocksEnd) continue;
    const mark = text.indexOf(isBlock ? "*/" : "\n", opening.lastIndex);
    if (mark === -1 && isBlock) {
      blocksEnd = false;
      continue;
    }
    const end = isBlock ? mark + 2 : mark === -1 ? text.length : mark;
    parts.push(text.slice(from, found.index), text.slice(found.index, end).replace(/[^\n]/g, " "));
    from = opening.lastIndex = end;
  }
  return parts.join("") + text.slice(from);
}

/** Line numbers of ascending places in a text. */
class Lines {
  private line = 1;
  private next = 0;

  constructor(private readonly text: string) {}

  at(index: number): number {
    for (;;) {
      const end = this.text.indexOf("\n", this.next);
      if (end === -1 || end >= index) return this.line;
      this.line++;
      this.next = end + 1;
    }
  }
}

function checkFields(place: string, fields: readonly Field[]): void {
  const remedy = "Take the statements as the Data Center wrote them.";
  if (fields.length === 0) throw new UserError(`${place}: the statements name no variable`, remedy);
  const seen = new Map<string, Field>();
  for (const field of fields) {
    const where = `${place}:${field.line}: ${spell(field)}`;
    const other = seen.get(field.variable);
    if (other !== undefined) {
      throw new UserError(`${where}, but line ${other.line} has ${spell(other)}`, remedy);
    }
    seen.set(field.variable, field);
    if (field.start < 1 || field.end < field.start || field.end > 1e9) {
      throw new UserError(`${where}: no columns of a record`, remedy);
    }
  }
  const ordered = [...fields].sort((a, b) => a.start - b.start);
  for (let i = 1; i < ordered.length; i++) {
    const [left, right] = [ordered[i - 1], ordered[i]];
    if (right.start > left.end) continue;
    throw new UserError(
      `${place}:${right.line}: ${spell(right)}, which overlaps ${spell(left)} (line ${left.line})`,
      remedy,
    );
  }
}

/** `ER30001 in columns 2 - 5` */
export function spell({ variable, start, end }: Field): string {
  return `${variable} in columns ${start} - ${end}`;
}

function stataLabels(text: string): Map<string, string> {
  return labelsIn(text.matchAll(/^[ \t]*label\s+variable\s+(\w+)\s+"([^"\n]*)"/gim));
}

function spssLabels(text: string): Map<string, string> {
  const block = /^[ \t]*variable\s+labels\b([\s\S]*?)\.[ \t]*$/im.exec(text)?.[1] ?? "";
  return labelsIn(block.matchAll(/\b(\w+)\s+"([^"\n]*)"/g));
}

/** The labels of a csv export's labels file. */
export function readLabels(file: SourceFile): Map<string, string> {
  return labelsIn(decodeText(bytesOf(file)).matchAll(/^([A-Z]\w*)[ \t]+(\S.*)$/gm));
}

function labelsIn(found: Iterable<RegExpMatchArray>): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [, variable, label] of found) {
    labels.set(variable.toUpperCase(), label.trim().replace(/\s+/g, " "));
  }
  return labels;
}
