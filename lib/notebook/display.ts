import { sep } from "node:path";
import {
  type Figure,
  isTable,
  type Table,
  type TableOptions,
  toHtml,
  toMarkdown,
  toPng,
  toSvg,
} from "../figures";
import type { MimeBundle } from "./document";

/** MIME type of a plotly figure in Jupyter. */
export const plotlyType = "application/vnd.plotly.v1+json";

interface Display {
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

/**
 * Shows a figure, a table, or Markdown (a string) as the output of a cell. A figure is sent as one output of
 * several forms, of which each reader takes what it can: interactive in JupyterLab with plotly's extension, in
 * VS Code and in our report, an image elsewhere, words where there are no images. Outside a notebook it is
 * printed as text.
 */
export async function show(content: Figure | Table | string, options: TableOptions = {}): Promise<void> {
  const write = cellWriter(); // before the first await: the output belongs to the cell that asked
  const display = await render(content, options);
  if (write === undefined) console.log(display.data["text/plain"]);
  else write(display, false);
}

/** As `show` of a figure that was drawn already. */
export function showFigure(figure: Figure, png: Uint8Array): void {
  const display = figureDisplay(figure, png);
  const write = cellWriter();
  if (write === undefined) console.log(display.data["text/plain"]);
  else write(display, false);
}

async function render(content: Figure | Table | string, options: TableOptions): Promise<Display> {
  if (typeof content === "string") {
    return { data: { "text/markdown": content, "text/plain": content }, metadata: {} };
  }
  if (isTable(content)) {
    const data = { "text/html": toHtml(content, options), "text/plain": toMarkdown(content, options) };
    return { data, metadata: {} };
  }
  return figureDisplay(content, await toPng(await toSvg(content)));
}

function figureDisplay({ data, layout }: Figure, png: Uint8Array): Display {
  return {
    data: {
      [plotlyType]: { data, layout, config: { displaylogo: false } },
      "image/png": Buffer.from(png).toString("base64"),
      "text/plain": layout.meta.description,
    },
    // The image has twice as many pixels as it is wide on the page.
    metadata: { "image/png": { width: layout.width, height: layout.height } },
  };
}

/** How tslab's kernel sends an output of the running cell; undefined outside a kernel. */
function cellWriter(): ((display: Display, update: boolean) => void) | undefined {
  const file = ["", "tslab", "dist", "jupyter.js"].join(sep);
  const kernel = Object.entries(require.cache).find(([path]) => path.endsWith(file));
  return kernel?.[1]?.exports.lastWriteDisplayData ?? undefined;
}
