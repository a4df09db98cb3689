import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { toCsv, toHtml, toMarkdown } from "labor-llm/dist/figures";
import { spread } from "labor-llm/dist/figures/spread";
import { linearTicks, logTicks, significant } from "labor-llm/dist/figures/ticks";

describe("tables", () => {
  it("come back from CSV as they went in, whatever the text", () => {
    const cell = fc.oneof(fc.string({ minLength: 1 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(fc.array(fc.record({ "a, b": cell, c: cell }), { minLength: 1 }), (rows) => {
        const back = parse(toCsv(rows), { columns: true, record_delimiter: "\n" });
        assert.deepEqual(
          back.map((row) => ({ ...(row as object) })),
          rows.map((row) => ({ "a, b": String(row["a, b"]), c: String(row.c) })),
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
      "| model | perplexity | n |\n| --- | ---: | ---: |\n| a\\|b <i> | 2.313 | 1980 |\n| c | – | 2 |\n";
    assert.equal(toMarkdown(rows), markdown);
    assert.equal(toMarkdown(aq.table(columns)), markdown);
    assert.equal(toHtml(aq.table(columns)), toHtml(rows));
    assert.match(toHtml(rows), /<th scope="row"[^>]*>a\|b &lt;i&gt;<\/th>/);
    assert.match(toCsv(rows), /^a\|b <i>,2\.3134,1980$/m);
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
    assert.deepEqual(linearTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
    assert.deepEqual(
      [2.3134, 350.2, 12_400.4, 0.05, 5_504_000, Infinity].map((x) => significant(x)),
      ["2.31", "350", "12,400", "0.0500", "5.50 × 10⁶", "∞"],
    );
  });
});
