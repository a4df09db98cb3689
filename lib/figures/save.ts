import { join } from "node:path";
import { fileName, writeFileAtomically } from "../files";
import { type DrawnFigure, exportFigure } from "./export";
import { figuresFolder } from "./folder";
import { toLatex } from "./latex";
import type { Figure } from "./style";
import { type Table, type TableOptions, toCsv, toMarkdown } from "./table";

/**
 * Writes a figure to the figures folder: NAME.svg, NAME.png, and NAME.json, the plotly figure itself; the files' name
 * is that of `fileName`.
 * @throws UserError where the folder cannot be written
 */
export async function saveFigure(name: string, figure: Figure): Promise<void> {
  await saveAndDraw(name, figure);
}

/** As `saveFigure`, and the PNG's bytes with the note on its letters. A cell whose last call returned them would print them. */
export async function saveAndDraw(name: string, figure: Figure): Promise<DrawnFigure> {
  const path = join(figuresFolder(), fileName(name));
  const { image, note } = await exportFigure(figure, path);
  writeFileAtomically(`${path}.json`, `${JSON.stringify(figure)}\n`);
  return { image, note };
}

/** Significant digits of a saved table's fractions: more would be noise, and differ from machine to machine. */
const DIGITS = 6;

/**
 * Writes a table to the figures folder: NAME.csv with its numbers to six digits, and NAME.md and NAME.tex as it is
 * shown; the files' name is that of `fileName`.
 * @throws UserError where the folder cannot be written
 */
export function saveTable(name: string, table: Table, options: TableOptions = {}): void {
  const file = fileName(name);
  const path = join(figuresFolder(), file);
  writeFileAtomically(`${path}.csv`, toCsv(table, DIGITS));
  writeFileAtomically(`${path}.md`, toMarkdown(table, options));
  writeFileAtomically(
    `${path}.tex`,
    toLatex(table, { ...(file === name ? {} : { caption: name }), ...options, label: file }),
  );
}
