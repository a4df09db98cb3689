import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import {
  type Figure,
  forestPlot,
  perplexityComparison,
  sharesOverTime,
  toHtml,
  toMarkdown,
  toSvg,
  transitionMatrix,
} from "labor-llm/dist/figures";
import { markdownText, spreadsheetText } from "labor-llm/dist/figures/escape";
import { toCsv } from "labor-llm/dist/figures/table";
import { readCsv } from "labor-llm/dist/files/csv";
import { rowsWriter } from "labor-llm/dist/files/rows-writer";
import { writeReport } from "labor-llm/dist/notebook/report";
import { marked } from "marked";

/** Titles that some format takes for a command. */
const nasty = [
  "a | b || c",
  "back\\slash \\| pipe \\",
  "`code` and ``more``",
  "*stars* **bold** ~~gone~~",
  "_under_ __score__ snake_case",
  "<b>bold</b> <script>alert(1)</script>",
  '<a href="javascript:alert(1)">link</a>',
  "<img src=x onerror=alert(1)>",
  "[text](https://example.org) [a][b] [^1] ![i](x)",
  "<https://example.org>",
  "&amp; &lt;b&gt; &#60; R&D",
  "# heading",
  "1. first",
  "- item",
  "> quote",
  "a<br>b",
  "1 < 2 > 0",
  "$x^2$ and $5",
  "%{x} %{customdata}",
  "=1+1",
  "@SUM(A1)",
  "+cmd|' /C calc'!A0",
  "-2+3",
  "«Köchin» 厨师 كاتب",
];

const text = (html: string) => new JSDOM(html).window.document.body;
const squeezed = (value: string) => value.replace(/\s+/g, " ").trim();

describe("text of a user's", () => {
  it("is printed as it is by Markdown and HTML, in cells, headers and captions, and is none of their commands", () => {
    for (const title of nasty) {
      const rows = [{ [`${title} `]: title, value: -0.5 }];
      const options = { caption: title };
      for (const [kind, html] of [
        ["Markdown", marked.parse(toMarkdown(rows, options), { async: false })],
        ["HTML", toHtml(rows, options)],
      ] as const) {
        const body = text(html);
        const cells = [...body.querySelectorAll("th, td")].map((cell) => squeezed(cell.textContent ?? ""));
        assert.deepEqual(cells, [squeezed(title), "value", squeezed(title), "-0.500"], `${kind}: ${title}`);
        const caption = body.querySelector(kind === "HTML" ? "caption" : "p");
        assert.equal(squeezed(caption?.textContent ?? ""), squeezed(title), `${kind}'s caption`);
        const commands = body.querySelectorAll(
          "script, img, b, strong, em, del, code, h1, li, blockquote, br",
        );
        assert.equal(commands.length, 0, `${kind}: ${title}`);
        // An address that is written out may be a link, to nowhere else.
        for (const link of body.querySelectorAll("a")) {
          assert.equal(decodeURI(link.getAttribute("href")!), link.textContent, `${kind}: ${title}`);
        }
      }
    }
    assert.equal(squeezed(markdownText("two\nlines\r\nof text")), "two lines of text");
    for (const plain of ["gemma_3 [2.1, 2.4]", "0.5 (0.1)", "<1", "R&D", "a - b", "3 > 2"]) {
      assert.equal(markdownText(plain), plain);
    }
  });

  it("is no formula in the tables for eyes, whose numbers stay numbers", () => {
    const cells: [string, string][] = [
      ["=1+1", "'=1+1"],
      ["@SUM(A1)", "'@SUM(A1)"],
      ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
      ["-2+3", "'-2+3"],
      ["\tx", "'\tx"],
      ["-0.5", "-0.5"],
      ["+3.2e-5", "+3.2e-5"],
      ["-0.12 (0.03)", "-0.12 (0.03)"],
      ["-0.12 [-0.2, 0.1]", "-0.12 [-0.2, 0.1]"],
      ["-12 %", "-12 %"],
      ["Cook", "Cook"],
      ["a=b", "a=b"],
    ];
    for (const [value, written] of cells) assert.equal(spreadsheetText(value), written);
    assert.equal(toCsv([{ "=A": "=1+1", b: -0.5, c: "x, y" }]), "'=A,b,c\n'=1+1,-0.5,\"x, y\"\n");
  });

  it("comes back from the data files that we write, formula or not", () => {
    const folder = mkdtempSync(join(tmpdir(), "labor-llm-escape-"));
    try {
      const path = join(folder, "rows.csv");
      const writer = rowsWriter(path, { title: "text", value: "number" });
      writer.write({ title: nasty, value: nasty.map(() => -0.5) });
      writer.commit();
      const table = readCsv(path);
      const column = table.column("title");
      assert.deepEqual(
        Array.from(nasty, (_, row) => column.values[column.codes[row]]),
        nasty,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is printed as it is by plotly, on axes, beside lines, in legends and headings", async () => {
    const row = { perplexity: 3, low: 2, high: 4 };
    const printed = async (figure: Figure): Promise<string> => {
      const svg = new JSDOM(await toSvg(figure), { contentType: "image/svg+xml" }).window.document;
      assert.equal(svg.querySelectorAll("a, script, image").length, 0);
      const lines = [...svg.querySelectorAll("text")].flatMap((one) => {
        const parts = [...one.querySelectorAll("tspan.line")];
        return (parts.length === 0 ? [one] : parts).map((line) => line.textContent);
      });
      return squeezed(lines.join(" "));
    };
    for (let at = 0; at < nasty.length; at += 6) {
      const titles = nasty.slice(at, at + 6);
      const series = titles.map((name, i) => ({ name, shares: [0.1, 0.2, 0.1 * (i + 1)] }));
      const text = await printed(sharesOverTime([1990, 1991, 1992], series, { title: titles.join(" ; ") }));
      for (const title of titles) {
        assert.equal(text.split(squeezed(title)).length - 1, 2, `${title}: in ${text}`);
      }
    }
    for (const title of [nasty[5], nasty[10], nasty[15], nasty[18]]) {
      const groups = ["Markov", title].map((model) => ({
        of: title,
        group: title,
        persons: 9,
        model,
        value: 3,
        ...row,
      }));
      for (const figure of [
        transitionMatrix(
          [
            [0.6, 0.4],
            [0.3, 0.7],
          ],
          [title, "Cook"],
          { title },
        ),
        perplexityComparison([{ model: title, ...row }], { title }),
        forestPlot(groups, { title }),
      ]) {
        const text = await printed(figure);
        assert.ok(text.split(squeezed(title)).length > 2, `${title}: in ${text}`);
        assert.ok(figure.layout.meta.description.includes(title), "words are no label");
      }
    }
  });

  it("runs nothing and loads nothing in the report", async () => {
    const folder = mkdtempSync(join(tmpdir(), "labor-llm-escape-"));
    try {
      const path = join(folder, "01-titles.ipynb");
      const rows = nasty.map((title) => ({ title }));
      const output = (data: object) => ({ output_type: "display_data", data, metadata: {} });
      const cell = {
        ...{ cell_type: "code", id: "a", execution_count: 1, metadata: {}, source: nasty.join("\n") },
        outputs: [
          output({ "text/html": toHtml(rows), "text/plain": "" }),
          output({ "text/markdown": toMarkdown(rows), "text/plain": "" }),
          ...nasty.map((title) => output({ "text/markdown": title, "text/plain": title })),
          { output_type: "stream", name: "stdout", text: nasty.join("\n") },
        ],
      };
      writeFileSync(path, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
      await writeReport([path], join(folder, "report.html"), {
        title: nasty[5],
        provenance: { [nasty[6]]: nasty[7] },
      });
      const { document } = new JSDOM(readFileSync(join(folder, "report.html"), "utf8")).window;
      const main = document.querySelector("main")!;
      assert.equal(main.querySelectorAll("script, img, [onerror]").length, 0);
      assert.equal(document.querySelectorAll('a[href^="javascript:"]').length, 0);
      assert.equal(document.querySelector("h1")!.textContent, nasty[5]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
