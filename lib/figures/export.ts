import { readFileSync } from "node:fs";
import type { DOMWindow } from "jsdom";
import { writeFileAtomically } from "../files";
import { Random } from "../random";
import { fallbackFiles, fontFiles } from "./fonts";
import { emptyCells, type FittedLabels, fitLabels, glyphNote, glyphSheet, withBoxes } from "./glyphs";
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

/** A PNG, and what its reader is to know of letters that our fonts lack. */
export interface DrawnFigure {
  image: Uint8Array;
  /** One line, without an end; undefined where our fonts have every letter. */
  note?: string;
}

/**
 * The figure as a PNG of twice its size in pixels, drawn with our own fonts, so that its bytes are the same on every
 * machine. Fonts of the machine draw what ours lack (Chinese, say), or boxes do, and a note says so.
 */
export async function drawPng(svg: string): Promise<DrawnFigure> {
  const { Resvg } = await import("@resvg/resvg-js");
  const draw = (
    drawing: string,
    { fallback, foreign }: Pick<FittedLabels, "fallback" | "foreign">,
    zoom: number,
  ) => {
    const ours = Object.values(fontFiles);
    const font = {
      fontFiles: fallback ? [...ours, ...Object.values(fallbackFiles)] : ours,
      loadSystemFonts: foreign.length > 0,
      defaultFontFamily: "Open Sans",
    };
    return new Resvg(drawing, { fitTo: { mode: "zoom", value: zoom }, background: "white", font }).render();
  };
  const needed = fitLabels(svg);
  const { foreign } = needed;
  const sheet = () => draw(glyphSheet(foreign), { fallback: false, foreign }, 1);
  const missing = foreign.length === 0 ? [] : emptyCells(foreign, sheet().pixels);
  const labels = missing.length === 0 ? needed : fitLabels(withBoxes(svg, missing));
  const image = draw(labels.svg, labels, 2);
  const note = glyphNote(needed, missing);
  return { image: palettePng(image.pixels, image.width, image.height), ...(note !== undefined && { note }) };
}

/** As `drawPng`, the image alone. */
export async function toPng(svg: string): Promise<Uint8Array> {
  return (await drawPng(svg)).image;
}

/**
 * Writes a figure as SVG and PNG. A note on letters that our fonts lack goes to standard error too.
 * @param path without its extension
 * @returns the paths, the PNG's bytes, and the note
 * @throws UserError where the folder cannot be written
 */
export async function exportFigure(
  figure: Figure,
  path: string,
): Promise<{ svg: string; png: string } & DrawnFigure> {
  const svg = await toSvg(figure);
  const drawn = await drawPng(svg);
  writeFileAtomically(`${path}.svg`, svg);
  writeFileAtomically(`${path}.png`, drawn.image);
  if (drawn.note !== undefined) process.stderr.write(`${path}.png: ${drawn.note}\n`);
  return { svg: `${path}.svg`, png: `${path}.png`, ...drawn };
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
