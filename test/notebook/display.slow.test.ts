import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { type CodeCell, readNotebook } from "labor-llm/dist/notebook/document";
import { writeReport } from "labor-llm/dist/notebook/report";
import { runNotebook } from "labor-llm/dist/notebook/runner";
import { until } from "../support/child-script";
import { Workspace } from "./workspace";

const cells = [
  `import { show } from "labor-llm/dist/notebook";
import { learningCurve, saveFigure, saveTable } from "labor-llm/dist/figures";
const curve = learningCurve({ epochs: [0, 1], train: [2, 1], validation: [2.1, 1.2], best: 1 });`,
  `await show(curve);
await saveFigure("curve", curve);`,
  `const rows = [{ model: "</script><script>alert(1)</script>", perplexity: 2.25 }];
await show(rows, { caption: "Perplexity" });
saveTable("perplexity", rows);`,
  `await show("> **Replicates.**");`,
];

describe("what cells show", () => {
  let workspace: Workspace;
  let path: string;
  let bytes: string;

  before(async () => {
    workspace = new Workspace();
    path = workspace.notebook(...cells);
    await runNotebook(path);
    bytes = readFileSync(path, "utf8");
  });
  after(() => workspace.remove());

  const outputs = (cell: number) => (readNotebook(path).cells[cell] as CodeCell).outputs;

  it("is one output for a figure: interactive, an image at its size, and words", () => {
    const [output, ...rest] = outputs(1);
    assert.deepEqual(rest, []);
    assert.ok(output.output_type === "display_data");
    assert.deepEqual(Object.keys(output.data), ["application/vnd.plotly.v1+json", "image/png", "text/plain"]);
    const image = Buffer.from(String(output.data["image/png"]), "base64");
    const size = output.metadata["image/png"] as { width: number };
    assert.equal(image.readUInt32BE(16), 2 * size.width);
    assert.match(String(output.data["text/plain"]), /validation from 2\.100 to 1\.200/);
  });

  it("is a table with headers, and Markdown", () => {
    assert.match(JSON.stringify(outputs(2)), /<caption>Perplexity<.*<th scope=.*&lt;\/script&gt;.*2\.250/);
    assert.match(JSON.stringify(outputs(3)), /"text\/markdown":"> \*\*Replicates/);
  });

  it("is the same in a second run, and its files too", async () => {
    const before = workspace.snapshot();
    assert.deepEqual(
      Object.keys(before).map((file) => file.slice(workspace.root.length + 1)),
      ["curve.json", "curve.png", "curve.svg", "perplexity.csv", "perplexity.md", "perplexity.tex"]
        .map((file) => join("figures", "quick", file))
        .concat(join("notebooks", "01-example.ipynb"), "package.json"),
    );
    await runNotebook(path);
    assert.deepEqual(workspace.snapshot(), before);
    assert.equal(readFileSync(path, "utf8"), bytes);
  });

  it("is text outside a notebook", () => {
    const script = `require("labor-llm/dist/notebook").show([{ a: 1.5 }])`;
    assert.equal(
      execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }),
      "| a |\n| ---: |\n| 1.500 |\n\n",
    );
  });

  it("makes a report that stands alone, draws its figures, and says what they show", async () => {
    const file = join(workspace.root, "report.html");
    await writeReport([path], file, { provenance: { Profile: "quick" } });
    const html = readFileSync(file, "utf8");
    const { document } = new JSDOM(html).window;
    assert.match(document.querySelector("header dl")!.textContent!, /Profile\s*quick/);
    for (const landmark of ["header", "nav[aria-label]", "main"]) assert.ok(document.querySelector(landmark));
    // Nothing is fetched: every address is inside the file or data.
    for (const element of document.querySelectorAll("[src], [href]")) {
      assert.match(element.getAttribute("src") ?? element.getAttribute("href")!, /^(?:#|data:)/);
    }
    assert.doesNotMatch(html, /<link|@import|url\(http/);
    // Text of a cell ends no script, and runs as none.
    assert.equal(document.querySelectorAll("script").length, 3);
    assert.match(document.querySelector("tbody th")!.textContent!, /<script>alert/);
    const plot = document.querySelector('[role="img"]')!;
    assert.match(plot.getAttribute("aria-label")!, /^Loss by epoch/);
    assert.match(
      document.querySelector("noscript")!.innerHTML,
      /<img src="data:image\/png;base64,[^>]* alt=/,
    );
    const figures = JSON.parse(document.getElementById("figures")!.textContent!);
    assert.deepEqual(figures[0].data[0].y, [2, 1]);
  });

  it("is drawn by the scripts of the report", async () => {
    const file = join(workspace.root, "report.html");
    await writeReport([path], file);
    const { window } = new JSDOM(readFileSync(file, "utf8"), {
      runScripts: "dangerously",
      pretendToBeVisual: true,
      beforeParse(page) {
        page.URL.createObjectURL = () => "";
        page.matchMedia = (() => ({ matches: false, addListener() {}, removeListener() {} })) as never;
        page.HTMLCanvasElement.prototype.getContext = () => null;
        const box = { x: 0, y: 0, width: 10, height: 10, left: 0, right: 10, top: 0, bottom: 10 };
        Object.assign(page.SVGElement.prototype, { getBBox: () => box, getComputedTextLength: () => 10 });
      },
    });
    await until(() => window.document.querySelectorAll("#figure-1 .scatterlayer .trace").length >= 3);
    await until(() => window.document.querySelectorAll(".modebar-btn").length > 0);
    // A figure is an image: a keyboard's reader is not led through its tools, nor to what does not scroll.
    const tools = [...window.document.querySelectorAll<HTMLElement>(".modebar-btn")];
    assert.ok(tools.length > 0 && tools.every(({ tabIndex }) => tabIndex === -1));
    assert.equal(window.document.querySelectorAll(".wide[tabindex]").length, 0);
    window.close();
  });
});
