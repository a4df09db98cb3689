import { readFileSync } from "node:fs";

/** A block of code in a Markdown document. */
export interface FencedBlock {
  /** What stands behind the fence: "ts", "sh"; empty without. */
  language: string;
  code: string;
  /** Number of its first line in the document, from 1. */
  line: number;
}

/** The fenced blocks of a Markdown file, in order. */
export function fencedBlocks(path: string): FencedBlock[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1],
    code: match[2],
    line: text.slice(0, match.index).split("\n").length + 1,
  }));
}
