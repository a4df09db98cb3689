import { readFileSync } from "node:fs";
import type { DOMWindow } from "jsdom";
import { writeFileAtomically } from "../files/atomic";
import { Random } from "../random";
import { fontFiles } from "./fonts";
import { palettePng } from "./png";
import type { Figure } from "./style";
import { type Box, extentOf, fontSize } from "./svg-geometry";

interface Page {
  Math: { random: () => number };
  Plotly: { toImage(figure: object, options: object): Promise<string> };
}

let page: Promise<Page> | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * The figure as a standalone SVG document: vector, with text as text; the same bytes each time and on each machine.
 * Figures are drawn one after another.
 */
export function toSvg(figure: Figure): Promise<string> {
  const drawn = last.then(() => draw(figure));
  last = drawn.catch(() => {});
  return drawn;
}

async function draw(figure: Figure): Promise<string> {
  page ??= openPage();
  const window = await page;
  const random = new Random("figure"); // plotly names the parts of a drawing at random
  window.Math.random = () => random.uniform();
  const { width, height } = figure.layout;
  const copy = structuredClone({ data: figure.data, layout: figure.layout });
  return `${await window.Plotly.toImage(copy, { format: "svg", width, height, imageDataOnly: true })}\n`;
}

/** The figure as a PNG of twice its size in pixels, drawn with our font alone. */
export async function toPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const options = {
    fitTo: { mode: "zoom", value: 2 },
    background: "white",
    font: { fontFiles: Object.values(fontFiles), loadSystemFonts: false, defaultFontFamily: "Open Sans" },
  } as const;
  const image = new Resvg(svg, options).render();
  return palettePng(image.pixels, image.width, image.height);
}

/**
 * Writes a figure as SVG and PNG.
 * @param path without its extension
 * @returns the paths, and the PNG's bytes
 * @throws UserError where the folder cannot be written
 */
export async function exportFigure(
  figure: Figure,
  path: string,
): Promise<{ svg: string; png: string; image: Uint8Array }> {
  const svg = await toSvg(figure);
  const png = await toPng(svg);
  writeFileAtomically(`${path}.svg`, svg);
  writeFileAtomically(`${path}.png`, png);
  return { svg: `${path}.svg`, png: `${path}.png`, image: png };
}

/** Plotly in a page without a browser: what jsdom lacks, layout, comes from the metrics of our font. */
async function openPage(): Promise<Page> {
  const { JSDOM } = await import("jsdom");
  const { window } = new JSDOM("<!DOCTYPE html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
  });
  supplyLayout(window);
  const source = readFileSync(require.resolve("plotly.js-cartesian-dist-min"), "utf8");
  window.eval(source);
  return window as unknown as Page;
}

function supplyLayout(window: DOMWindow): void {
  const nothing = { left: 0, top: 0, right: 0, bottom: 0 };
  const asRectangle = ({ left, top, right, bottom }: Box) => ({
    ...{ left, top, right, bottom, x: left, y: top },
    ...{ width: right - left, height: bottom - top },
  });
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: Element) {
      return asRectangle(extentOf(this, "inside") ?? nothing);
    },
    getComputedTextLength(this: Element) {
      const { left, right } = extentOf(this, "inside") ?? nothing;
      return right - left || fontSize(this) * 0.6 * (this.textContent ?? "").length;
    },
    getBoundingClientRect(this: Element) {
      return asRectangle(extentOf(this, "page") ?? nothing);
    },
  });
  Object.assign(window.HTMLCanvasElement.prototype, { getContext: () => null });
  Object.assign(window.URL, { createObjectURL: () => "", revokeObjectURL: () => {} });
  Object.assign(window, { matchMedia: () => ({ matches: false, addListener() {}, removeListener() {} }) });
}
