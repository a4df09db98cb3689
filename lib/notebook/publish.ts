import {
  type Figure,
  isTable,
  markdownText,
  saveAndDraw,
  saveTable,
  type Table,
  type TableOptions,
} from "../figures";
import { type Finding, findingRows, saveFindings } from "../results";
import { show, showFigure } from "./display";

/**
 * Shows a figure or a table as the cell's output and keeps it under the profile's figures folder. Under a figure with
 * letters that our fonts lack stands a note.
 */
export async function publish(
  name: string,
  content: Figure | Table,
  options: TableOptions = {},
): Promise<void> {
  if (!isTable(content)) {
    const { image, note } = await saveAndDraw(name, content);
    showFigure(content, image);
    if (note !== undefined) await show(markdownText(note));
    return;
  }
  saveTable(name, content, options);
  await show(content, options);
}

/** Shows findings as a table and keeps them, as the table and as data: the audit reads them. @param name NN-claims */
export async function publishFindings(
  name: string,
  findings: readonly Finding[],
  options: TableOptions = {},
): Promise<void> {
  saveFindings(name, findings);
  await publish(name, findingRows(findings), options);
}
