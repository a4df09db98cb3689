import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { toHtml, toMarkdown } from "labor-llm/dist/figures";
import { spreadsheetText } from "labor-llm/dist/figures/escape";
import { toLatex } from "labor-llm/dist/figures/latex";
import { spread } from "labor-llm/dist/figures/spread";
import { toCsv } from "labor-llm/dist/figures/table";
import { linearTicks, logTicks, significant } from "labor-llm/dist/figures/ticks";
import { asPrinted, readLatex } from "./latex";

describe("tables", () => {
  it("come back from CSV as they went in, whatever the text, with an apostrophe before what would be a formula", () => {
    const written = (value: string | number) =>
      typeof value === "string" && /^[=+\-@\t\r\n]/.test(value) ? spreadsheetText(value) : String(value);
    const cell = fc.oneof(fc.string({ minLength: 1 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(fc.array(fc.record({ "a, b": cell, c: cell }), { minLength: 1 }), (rows) => {
        const back = parse(toCsv(rows), { columns: true, record_delimiter: "\n" });
        assert.deepEqual(
          back.map((row) => ({ ...(row as object) })),
          rows.map((row) => ({ "a, b": written(row["a, b"]), c: written(row.c) })),
        );
      }),
    );
  });

  it("are the same from rows and from arquero, with what could break them escaped", async () => {
    const aq = await import("arquero");
    const rows = [
      { model: "a|b <i>", perplexity: 2.3134, n: 1980 },
      { model: "c", perplexity: Number.NaN, n: 2 },
    ];
    const columns = { model: ["a|b <i>", "c"], perplexity: [2.3134, Number.NaN], n: [1980, 2] };
    const markdown =
      "| model | perplexity | n |\n| --- | ---: | ---: |\n| a\\|b &lt;i> | 2.313 | 1980 |\n| c | – | 2 |\n";
    assert.equal(toMarkdown(rows), markdown);
    assert.equal(toMarkdown(aq.table(columns)), markdown);
    assert.equal(toHtml(aq.table(columns)), toHtml(rows));
    assert.match(toHtml(rows), /<th scope="row"[^>]*>a\|b &lt;i&gt;<\/th>/);
    assert.match(toCsv(rows), /^a\|b <i>,2\.3134,1980$/m);
  });

  it("are the LaTeX that prints them, whatever the text", () => {
    const breakers = [..."\\~^&%$#_{}<>|`'\"*[]()-, .eé–—…−×·±∞≤≥≈≠→⁻⁰¹⁶9\u00a0\t\n"];
    const unit = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...breakers) },
      fc.string({ unit: "grapheme" }),
    );
    const text = fc.string({ unit });
    fc.assert(
      fc.property(text, fc.array(fc.tuple(text, text), { minLength: 1 }), text, (name, rows, caption) => {
        fc.pre(name !== "b");
        const table = rows.map(([a, b]) => ({ [name]: a, b }));
        const printed = readLatex(toLatex(table, { caption, label: "x" }));
        assert.equal(printed.caption, asPrinted(caption));
        assert.deepEqual(
          printed.rows,
          [[name, "b"], ...rows].map((row) => row.map(asPrinted)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("have the rules of booktabs, numbers flush right as they are shown, minus signs, caption and label", () => {
    const rows = [
      {
        "survey & model": "psid: [a]",
        "share (%)": 12.25,
        Δ: -0.12345,
        p: 4.2e-9,
        "95 % interval": "-0.2 to 0.1",
      },
      { "survey & model": "[b]", "share (%)": 3.5, Δ: Number.NaN, p: 1, "95 % interval": "off-line" },
    ];
    const options = {
      caption: "Shares of moves, 50 %",
      format: { "share (%)": (x: number) => x.toFixed(0) },
    };
    assert.equal(
      toLatex(rows, { ...options, label: "01-shares" }),
      String.raw`% \usepackage{booktabs,adjustbox}
\begin{table}[htbp]
\centering
\caption{Shares of moves, 50 \%}
\label{tab:01-shares}
\small
\begin{adjustbox}{max width=\textwidth}
\begin{tabular}{lrrrl}
\toprule
survey \& model & share (\%) & Δ & p & 95 \% interval \\
\midrule
psid: [a] & 12 & $-$0.123 & 4.20$\times 10^{-9}$ & $-$0.2 to 0.1 \\
{[}b] & 4 & \textendash{} & 1 & off-line \\
\bottomrule
\end{tabular}
\end{adjustbox}
\end{table}
`,
    );
  });

  it("wrap long text in LaTeX", () => {
    const rows = [
      {
        survey: "psid",
        remedy: "Paste the list of variables into the cart of the Data Center, and download.",
      },
    ];
    assert.match(toLatex(rows, { label: "x" }), /\\begin\{tabular\}\{lp\{24em\}\}/);
  });

  it("refuse a row with a column that the first lacks", () => {
    assert.throws(() => toCsv([{ a: 1 }, { a: 2, b: 3 }]), { name: "UserError", message: /row 2 .*"b"/ });
  });
});

describe("labels and ticks", () => {
  it("spread keeps labels apart, in order and within bounds where they fit", () => {
    const label = fc.record({
      at: fc.double({ min: 0, max: 100, noNaN: true }),
      size: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 12 }), (labels) => {
        const sizes = labels.map(({ size }) => size);
        const centres = spread(
          labels.map(({ at }) => at),
          sizes,
          0,
          100,
        );
        const order = labels.map((_, i) => i).sort((i, j) => centres[i] - centres[j]);
        order.forEach((i, k) => {
          assert.ok(centres[i] - sizes[i] / 2 > -1e-9 && centres[i] + sizes[i] / 2 < 100 + 1e-9);
          if (k === 0) return;
          const j = order[k - 1];
          assert.ok(centres[i] - centres[j] >= (sizes[i] + sizes[j]) / 2 - 1e-9);
          assert.ok(labels[i].at >= labels[j].at);
        });
      }),
    );
  });

  it("ticks are round, inside the range, and neither too few nor too many", () => {
    const range = fc.tuple(
      fc.double({ min: 1, max: 1e4, noNaN: true }),
      fc.double({ min: 1.05, max: 1e12, noNaN: true }),
    );
    fc.assert(
      fc.property(range, ([low, factor]) => {
        const ticks = logTicks(low, low * factor);
        assert.ok(
          ticks.every((tick) => tick >= low && tick <= low * factor && tick === Number(tick.toPrecision(6))),
        );
        assert.ok(ticks.length >= 2 && ticks.length <= 13, `${ticks}`);
      }),
    );
    for (const [low, high] of [
      [1, Infinity],
      [0, 10],
      [Number.NaN, 10],
      [1, Number.NaN],
    ]) {
      assert.throws(() => logTicks(low, high), /a logarithmic axis cannot go from/);
    }
    assert.deepEqual(linearTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
    assert.deepEqual(
      [2.3134, 350.2, 12_400.4, 0.05, 5_504_000, Infinity].map((x) => significant(x)),
      ["2.31", "350", "12,400", "0.0500", "5.50 × 10⁶", "∞"],
    );
  });
});
