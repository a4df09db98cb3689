import { shown, type Table, type TableOptions } from "./table";

export interface LatexOptions extends TableOptions {
  /** After "tab:", for \ref. */
  label: string;
}

/**
 * A table of LaTeX with the rules of booktabs, numbers flush right, long text in several lines, shrunk where it is
 * wider than the page. Needs the packages booktabs and adjustbox; letters beyond ASCII stay, as LaTeX reads UTF-8
 * since 2018.
 */
export function toLatex(table: Table, { label, ...options }: LatexOptions): string {
  const { columns, rows, numeric } = shown(table, options);
  const long = columns.map((_, j) => rows.some((row) => row[j].length > 60));
  const columnTypes = numeric.map((is, j) => (is ? "r" : long[j] ? "p{24em}" : "l"));
  const line = (cells: string[]) => `${cells.map(latexText).join(" & ")} \\\\`;
  return [
    "% \\usepackage{booktabs,adjustbox}",
    "\\begin{table}[htbp]",
    "\\centering",
    `\\caption{${latexText(options.caption ?? label.replaceAll("-", " "))}}`,
    `\\label{tab:${label}}`,
    "\\small",
    "\\begin{adjustbox}{max width=\\textwidth}",
    `\\begin{tabular}{${columnTypes.join("") || "l"}}`,
    "\\toprule",
    line(columns),
    "\\midrule",
    ...rows.map(line),
    "\\bottomrule",
    "\\end{tabular}",
    "\\end{adjustbox}",
    "\\end{table}",
    "",
  ].join("\n");
}

/** Characters that LaTeX takes as commands, prints as others, or does not know without further packages. */
const commands: Record<string, string> = {
  ...{ "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" },
  ...{ "&": "\\&", "%": "\\%", $: "\\$", "#": "\\#", _: "\\_", "{": "\\{", "}": "\\}" },
  ...{ "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "`": "\\textasciigrave{}" },
  ...{ "–": "\\textendash{}", "—": "\\textemdash{}", "…": "\\ldots{}" },
  ...{ "\u00a0": "~", "\u2009": "\\,", "\u202f": "\\," },
  ...{ "−": "$-$", "×": "$\\times$", "·": "$\\cdot$", "±": "$\\pm$", "∞": "$\\infty$" },
  ...{ "≤": "$\\leq$", "≥": "$\\geq$", "≈": "$\\approx$", "≠": "$\\neq$", "→": "$\\rightarrow$" },
};
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const special = new RegExp(`([-',])(?=\\1)|(⁻?[${superscripts}]+)|.`, "gsu");

/** Text as LaTeX that prints it: runs of white space as one space, a hyphen before a number as a minus sign. */
export function latexText(text: string): string {
  const scientific = /^(-?\d(?:\.\d+)?)e([+-]\d+)$/.exec(text);
  if (scientific !== null) return `${latexText(scientific[1])}$\\times 10^{${Number(scientific[2])}}$`;
  return text
    .replace(/[ \t\r\n\f\v]+/g, " ")
    .replace(/\p{Cc}/gu, "")
    .trim()
    .replace(/(?<=^|[ [(])-(?=\.?\d)/g, "−")
    .replace(special, (found, repeated, power) => {
      if (repeated !== undefined) return `${found}{}`; // else a ligature: -- would print a dash
      return power === undefined ? (commands[found] ?? found) : `$^{${lowered(power)}}$`;
    })
    .replace(/^[[*]/, "{$&}"); // else the argument of the \\ before it
}

function lowered(text: string): string {
  return [...text].map((digit) => (digit === "⁻" ? "-" : superscripts.indexOf(digit))).join("");
}
