import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { JSDOM } from "jsdom";
import { saveFigure, saveTable, toPng, toSvg } from "labor-llm/dist/figures";
import { exportFigure } from "labor-llm/dist/figures/export";
import { fontFiles } from "labor-llm/dist/figures/fonts";
import { type Box, extentOf } from "labor-llm/dist/figures/svg-geometry";
import { fileName } from "labor-llm/dist/files/file-name";
import { examples } from "./examples";

const parse = (svg: string) => new JSDOM(svg, { contentType: "image/svg+xml" }).window.document;

/** The texts of a figure with the places where they print. */
function texts(svg: string): { text: string; box: Box }[] {
  return [...parse(svg).querySelectorAll("text")].flatMap((element) => {
    const box = extentOf(element, "page");
    return box === undefined ? [] : [{ text: element.textContent ?? "", box }];
  });
}

/** Pixels by which two boxes overlap in the direction in which they overlap less. */
function overlap(a: Box, b: Box): number {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return Math.min(across, down);
}

describe("the export of figures", () => {
  for (const [name, figure] of Object.entries(examples)) {
    it(`prints every label of ${name} inside the image, and none over another`, async () => {
      const svg = await toSvg(figure);
      const labels = texts(svg);
      assert.ok(labels.length >= 5);
      const { width, height } = figure.layout;
      for (const { text, box } of labels) {
        const inside = box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
        assert.ok(inside, `"${text}" at ${JSON.stringify(box)} leaves ${width} x ${height}`);
      }
      labels.forEach((a, i) => {
        for (const b of labels.slice(i + 1)) {
          // Ascent and descent hold accents that these labels lack: boxes may touch by a quarter of a line.
          assert.ok(overlap(a.box, b.box) < 5, `"${a.text}" overlaps "${b.text}"`);
        }
      });
    });
  }

  it("measures text as the rasteriser draws it", async () => {
    for (const [text, size, weight] of [
      ["Professional, technical and kindred", 14, "normal"],
      ["Fine-tuned 2.31 [2.21, 2.42]", 30, "bold"],
    ] as const) {
      const style = `font-family: Open Sans; font-size: ${size}px; font-weight: ${weight}`;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="60"><text x="20" y="40" style="${style}">${text}</text></svg>`;
      const ink = new Resvg(svg, { font: { fontFiles: Object.values(fontFiles), loadSystemFonts: false } });
      const measured = extentOf(parse(svg).querySelector("text") as Element, "inside") as Box;
      // The room a text takes exceeds its ink by the bearings of its first and last letter.
      const bearings = measured.right - measured.left - ink.getBBox()!.width;
      assert.ok(bearings > 0 && bearings < 0.2 * size, `${text}: ${bearings}`);
    }
  });

  it("makes the same bytes in another process", async () => {
    const script = `
      const { examples } = require("./test/.build/figures/examples.js");
      const { toSvg, toPng } = require("labor-llm/dist/figures");
      const { createHash } = require("node:crypto");
      (async () => {
        const hash = createHash("sha256");
        for (const figure of Object.values(examples).reverse()) {
          const svg = await toSvg(figure);
          hash.update(svg).update(await toPng(svg));
        }
        console.log(hash.digest("hex"));
      })();`;
    const hashes = [1, 2].map(() => execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }));
    assert.equal(hashes[0], hashes[1]);
  });

  it("makes the same SVG whatever was drawn before", async () => {
    const figure = examples["transition matrix"];
    const first = await toSvg(figure);
    await toSvg(examples["learning curve"]);
    assert.equal(await toSvg(figure), first);
  });

  it("keeps the PNG well below its size in full colour, twice the width of the figure, and the pixels near those of full colour", async () => {
    for (const figure of Object.values(examples)) {
      const svg = await toSvg(figure);
      const png = Buffer.from(await toPng(svg));
      assert.equal(png.readUInt32BE(16), figure.layout.width * 2);
      // The PNG, drawn again as an image, is what the SVG draws.
      const embedded = `<svg xmlns="http://www.w3.org/2000/svg" width="${figure.layout.width}" height="${figure.layout.height}"><image width="100%" height="100%" href="data:image/png;base64,${png.toString("base64")}"/></svg>`;
      const options = {
        fitTo: { mode: "zoom", value: 2 },
        background: "white",
        font: { fontFiles: Object.values(fontFiles), loadSystemFonts: false, defaultFontFamily: "Open Sans" },
      } as const;
      const [drawn, again] = [svg, embedded].map((image) => new Resvg(image, options).render());
      const [full, reduced] = [drawn.pixels, again.pixels];
      const fullSize = drawn.asPng().length;
      assert.ok(png.length < 0.6 * fullSize, `${png.length} bytes, ${fullSize} in full colour`);
      let worst = 0;
      for (let i = 0; i < full.length; i++) worst = Math.max(worst, Math.abs(full[i] - reduced[i]));
      assert.ok(worst <= 24, `a pixel is off by ${worst} of 255`);
      const pixels = (image: Uint8Array, colour: number) =>
        new Uint32Array(image.buffer, image.byteOffset, image.length / 4).filter((one) => one === colour)
          .length;
      // Pale as they are, gridlines are not taken for white.
      assert.ok(pixels(reduced, 0xffe4e4e4) >= pixels(full, 0xffe4e4e4));
    }
  });

  it("refuses a folder that cannot be written in one line", async () => {
    const folder = mkdtempSync(join(tmpdir(), "labor-llm-figures-"));
    const blocked = join(folder, "figures");
    writeFileSync(blocked, "");
    process.env.LABOR_LLM_FIGURES = blocked;
    try {
      const refused = { name: "UserError", message: /cannot write .*: a part of the path is a file/ };
      await assert.rejects(saveFigure("curve", examples["learning curve"]), refused);
      assert.throws(() => saveTable("table", [{ a: 1 }]), refused);
    } finally {
      delete process.env.LABOR_LLM_FIGURES;
      rmSync(folder, { recursive: true });
    }
  });

  it("names the files of a table by any name of a survey, inside its folder, and words caption and label by it", () => {
    const folder = mkdtempSync(join(tmpdir(), "labor-llm-figures-"));
    process.env.LABOR_LLM_FIGURES = folder;
    try {
      for (const name of ["01-lengths", "01-lengths-My_Panel", "../01-a/b", "01-职业"]) {
        saveTable(name, [{ a: 1 }]);
        const file = fileName(name);
        const latex = readFileSync(join(folder, `${file}.tex`), "utf8");
        assert.ok(latex.includes(`\\label{tab:${file}}`), latex);
        assert.ok(existsSync(join(folder, `${file}.csv`)));
      }
      assert.equal(readdirSync(folder).length, 12);
    } finally {
      delete process.env.LABOR_LLM_FIGURES;
      rmSync(folder, { recursive: true });
    }
  });

  it("writes SVG and PNG beside each other", async () => {
    const folder = mkdtempSync(join(tmpdir(), "labor-llm-figures-"));
    const { svg, png } = await exportFigure(examples["learning curve"], join(folder, "curve"));
    assert.match(readFileSync(svg, "utf8"), /^<svg[\s\S]*<\/svg>\n$/);
    assert.equal(readFileSync(png).subarray(1, 4).toString(), "PNG");
    rmSync(folder, { recursive: true });
  });
});
