import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { sharesOverTime, toPng } from "labor-llm/dist/figures";
import { drawPng, exportFigure } from "labor-llm/dist/figures/export";
import { fallbackFiles, fontFiles, letterNeeds, textWidth } from "labor-llm/dist/figures/fonts";
import { repositoryFile } from "../support/paths";

/** A character for private use, which fonts do not have. */
const NOWHERE = String.fromCodePoint(0xf1234);

const label = (text: string, size = 20, family = "Open Sans") =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="60"><text x="20" y="40" style="font-family: ${family}; font-size: ${size}px">${text}</text></svg>`;

/** Letters of scripts that our own font lacks and the packaged fallback has. */
const fallbackTexts = ["كاتب حسابات", "Կոշկակար", "მზარეული", "Cook → chef ✓"];

describe("labels whose letters our font lacks", () => {
  it("are drawn by the packaged fallback, without a note, and of joined letters as their script joins them", async () => {
    const files = [...Object.values(fontFiles), ...Object.values(fallbackFiles)];
    for (const text of fallbackTexts) {
      const { image, note } = await drawPng(label(text));
      assert.equal(note, undefined, text);
      // The same as the fallback's own drawing of the whole label, which is shaped by its tables.
      const own = label(text, 20, "DejaVu Sans");
      const ink = new Resvg(own, { font: { fontFiles: files, loadSystemFonts: false } }).getBBox()!;
      assert.ok(ink.width > 40, `${text} has ink`);
      assert.deepEqual(image, await toPng(own), text);
    }
    // Four letters that join are narrower than the four by themselves.
    const width = (text: string) =>
      new Resvg(label(text, 20, "DejaVu Sans"), {
        font: { fontFiles: files, loadSystemFonts: false },
      }).getBBox()!.width;
    assert.ok(width("كاتب") < 0.9 * width("ك ا ت ب"));
  });

  it("are as wide as they are measured, or narrower", () => {
    const files = [...Object.values(fontFiles), ...Object.values(fallbackFiles)];
    for (const text of [...fallbackTexts, "Кухар", "Μάγειρας", "עורך דין"]) {
      const family = letterNeeds(text).fallback ? "DejaVu Sans" : "Open Sans";
      const ink = new Resvg(label(text, 20, family), { font: { fontFiles: files, loadSystemFonts: false } });
      const [drawn, measured] = [ink.getBBox()!.width, textWidth(text, 20)];
      assert.ok(measured > drawn - 1 && measured < 1.6 * drawn, `${text}: ${measured} for ${drawn}`);
    }
    assert.equal(textWidth(NOWHERE.repeat(3), 20), 60);
  });

  it("that no font has are boxes, and a note names them, on standard error too", async () => {
    const blank = await drawPng(label(""));
    const { image, note } = await drawPng(label(`${NOWHERE}${NOWHERE} x`));
    assert.notDeepEqual(image, blank.image);
    assert.ok(note!.includes(`no font on this machine has ${NOWHERE} (in "${NOWHERE}${NOWHERE} x")`), note);
    assert.ok(!note!.includes("\n"));
    const folder = mkdtempSync(join(tmpdir(), "labor-llm-glyphs-"));
    const written: string[] = [];
    const write = process.stderr.write;
    process.stderr.write = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0;
    try {
      const series = [{ name: NOWHERE, shares: [0.1, 0.2] }];
      const drawn = await exportFigure(sharesOverTime([1990, 1991], series), join(folder, "shares"));
      assert.deepEqual(written, [`${drawn.png}: ${drawn.note}\n`]);
      assert.ok(readFileSync(drawn.svg, "utf8").includes(NOWHERE), "the SVG has the text");
    } finally {
      process.stderr.write = write;
      rmSync(folder, { recursive: true });
    }
  });

  it("change no figure without such: the published images come out to the byte", async () => {
    const folder = repositoryFile("figures", "quick");
    const names = readdirSync(folder).filter((name) => name.endsWith(".svg"));
    assert.ok(names.length > 20);
    for (const name of names.filter((_, i) => i % 8 === 0)) {
      const { image, note } = await drawPng(readFileSync(join(folder, name), "utf8"));
      assert.equal(note, undefined);
      const published = readFileSync(join(folder, name.replace(/svg$/, "png")));
      assert.ok(Buffer.from(image).equals(published), name);
    }
  });
});
