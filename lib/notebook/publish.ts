import { saveAndDraw, saveTable } from "../figures/save";
import type { Figure } from "../figures/style";
import { isTable, type Table, type TableOptions } from "../figures/table";
import { show, showFigure } from "./display";

/** Shows a figure or a table as the cell's output and keeps it under the profile's figures folder. */
export async function publish(
  name: string,
  content: Figure | Table,
  options: TableOptions = {},
): Promise<void> {
  if (!isTable(content)) return showFigure(content, await saveAndDraw(name, content));
  saveTable(name, content, options);
  await show(content, options);
}
