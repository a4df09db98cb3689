import assert from "node:assert/strict";
import { latexParser as parser } from "latex-utensils";

type Node = parser.Node;

/** What LaTeX prints for the commands that a table may use. */
const prints: Record<string, string> = {
  ...{
    textbackslash: "\\",
    textasciitilde: "~",
    textasciicircum: "^",
    textasciigrave: "`",
    ldots: "…",
    textendash: "–",
    textemdash: "—",
  },
  ...{ textless: "<", textgreater: ">", textbar: "|", ",": " " },
  ...Object.fromEntries([..."&%$#_{}"].map((character) => [character, character])),
  ...{ times: "×", cdot: "·", pm: "±", infty: "∞", leq: "≤", geq: "≥", approx: "≈", neq: "≠" },
  rightarrow: "→",
};

/** Text as a LaTeX table is to print it: spaces of any kind as one, no control characters, minus as a hyphen. */
export function asPrinted(text: string): string {
  return oneSpace(text.replace(/(?!\s)\p{Cc}/gu, "")).replace(/−/g, "-");
}

// The parser takes every space of Unicode for a blank.
const oneSpace = (text: string) => text.replace(/\s+/g, " ").trim();

/** Caption and rows of a table as LaTeX prints them, with a parser that is not ours. */
export function readLatex(latex: string): { caption: string; rows: string[][] } {
  // The parser, unlike LaTeX, takes brackets after \textbackslash{} for another argument.
  const nodes = flat(parser.parse(latex.replaceAll("{}[", "{}\ue000")).content);
  const caption = nodes.find((node) => parser.isCommand(node) && node.name === "caption") as parser.Command;
  const tabular = nodes.find((node) => parser.isEnvironment(node) && node.name === "tabular");
  assert.ok(tabular !== undefined && parser.isEnvironment(tabular));
  const rows: Node[][][] = [[[]]];
  for (const node of tabular.content) {
    const row = rows[rows.length - 1];
    // The parser takes a group after a rule for its argument; LaTeX's rules have none.
    if (parser.isCommand(node) && /^(?:top|mid|bottom)rule$/.test(node.name)) row[0].push(...node.args);
    else if (parser.isLinebreak(node)) rows.push([[]]);
    else if (parser.isAlignmentTab(node)) row.push([]);
    else row[row.length - 1].push(node);
  }
  assert.equal(print(rows.pop()!.flat()), "", "the last line ends the last row");
  return { caption: print(caption.args), rows: rows.map((row) => row.map(print)) };
}

function flat(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [node, ...(parser.hasContentArray(node) ? flat(node.content) : [])]);
}

function print(nodes: readonly Node[]): string {
  const ligatures: Record<string, string> = { "---": "—", "--": "–", "''": "”", "``": "“", ",,": "„" };
  const text = nodes.map(letters).join("");
  const joined = text.replace(/---|--|''|``|,,/g, (found) => ligatures[found]);
  return oneSpace(joined.replace(/\0/g, "").replace(/\ue000/g, "["));
}

/** A node's letters; \0 parts those that must not join. */
function letters(node: Node): string {
  if (parser.isTextString(node)) return node.content;
  if (parser.isSpace(node) || parser.isSoftbreak(node)) return " ";
  if (parser.isActiveCharacter(node)) return "\u00a0";
  if (parser.isGroup(node)) return `\0${node.content.map(letters).join("")}\0`;
  if (parser.isInlineMath(node)) return node.content.map(mathematics).join("");
  assert.ok(parser.isCommand(node) && node.name in prints, JSON.stringify(node));
  return `\0${prints[node.name]}\0`;
}

function mathematics(node: Node): string {
  if (parser.isMathCharacter(node)) return `\0${node.content}\0`;
  if (parser.isSuperscript(node) && node.arg !== undefined) {
    const digits = (node.arg as parser.Group).content.map(mathematics).join("");
    return digits.replace(/[-0-9]/g, (digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]));
  }
  assert.ok(parser.isCommand(node) && node.name in prints, JSON.stringify(node));
  return prints[node.name];
}
