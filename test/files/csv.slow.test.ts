import { strict as assert } from "node:assert";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { UserError } from "labor-llm/dist/errors";
import { readCsv, readCsvChunks } from "labor-llm/dist/files/csv";
import type { Table } from "labor-llm/dist/files/table";
import { withScratchFolder } from "../support/scratch";

const cellsOf = (table: Table) => [table.header, ...table.rows];

/** Cells that a writer must quote, or that look as if. */
const cell = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("", "a", "1984", ",", '"', '""', 'a"b', "\n", "\r\n", "\r", " ", "é", "\ufeff", "NA"),
  fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r"), maxLength: 8 }),
);
const ending = fc.constantFrom("\n", "\r\n", "\r");

/** A table, the file that a writer makes of it, and the line on which each row ends. */
const anyTable = fc
  .integer({ min: 2, max: 5 })
  .chain((columns) =>
    fc.record({
      rows: fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), {
        minLength: 1,
        maxLength: 8,
      }),
      endings: fc.array(ending, { minLength: 9, maxLength: 9 }),
      quoteAll: fc.boolean(),
      finalEnd: fc.boolean(),
      mark: fc.boolean(),
      columns: fc.constant(columns),
    }),
  )
  .map(({ rows, endings, quoteAll, finalEnd, mark, columns }) => {
    const header = Array.from({ length: columns }, (_, i) => `c${i}`);
    const all = [header, ...rows];
    const quoted = (text: string) =>
      quoteAll || /[",\r\n]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
    const lines = all.map(
      (row, i) => row.map(quoted).join(",") + (i < rows.length || finalEnd ? endings[i] : ""),
    );
    return { cells: all, bytes: Buffer.from((mark ? "\ufeff" : "") + lines.join("")), endings };
  });

/** The bytes in pieces of these lengths, over and over. */
function* inPieces(bytes: Buffer, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + lengths[i % lengths.length];
    yield bytes.subarray(at, end);
    at = end;
  }
}

describe("a CSV file", () => {
  it("gives back any table, with any line ends, mark, quoting and packing", () => {
    withScratchFolder((folder) => {
      fc.assert(
        fc.property(anyTable, fc.boolean(), ({ cells, bytes }, packed) => {
          const path = join(folder, packed ? "any.csv.gz" : "any.csv");
          writeFileSync(path, packed ? gzipSync(bytes) : bytes);
          const expected = cells.map((row) => row.map((text) => Buffer.from(text).toString()));
          assert.deepEqual(cellsOf(readCsv(path)), expected);
        }),
      );
    });
  });

  it("reads the same, or is refused in the same words, in whatever pieces its bytes come", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    const damage = fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 2 });
    const outcome = (bytes: Buffer, lengths: readonly number[]) => {
      try {
        const table = readCsvChunks("any.csv", () => inPieces(bytes, lengths));
        return [cellsOf(table), Array.from({ length: table.size }, (_, row) => table.placeOf(row))];
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return error.message;
      }
    };
    fc.assert(
      fc.property(anyTable, sizes, damage, ({ bytes }, lengths, change) => {
        const some = Buffer.from(bytes);
        if (change !== null && some.length > 0) some[change[0] % some.length] = change[1];
        assert.deepEqual(outcome(some, lengths), outcome(some, [some.length + 1]));
      }),
      { numRuns: 1000 },
    );
  });

  it("of any bytes is read as csv-parse reads it, or refused with a UserError", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "any.csv");
      const unit = fc.constantFrom("a", "é", '"', '"', '""', ",", "\n");
      const raw = fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom("a", "", "é", '"a,b"', '"a""b"', '"\n"', '""', '""""') },
        { weight: 1, arbitrary: fc.string({ unit, maxLength: 5 }) },
      );
      const row = fc.tuple(raw, raw).map((pair) => pair.join(","));
      const text = fc.array(row, { maxLength: 5 }).map((lines) => lines.join("\n"));
      const bytes = fc.oneof(
        text.map((lines) => Buffer.from(`x,y\n${lines}`)),
        fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some)),
      );
      let read = 0;
      fc.assert(
        fc.property(bytes, (some) => {
          writeFileSync(path, some);
          let cells: readonly (readonly string[])[];
          try {
            cells = cellsOf(readCsv(path));
          } catch (error) {
            if (error instanceof UserError) return;
            throw error;
          }
          read++;
          // csv-parse takes the first line's end for that of all, and a quoted empty line for no line.
          if (some.includes("\r") || some.includes("\u0000")) return;
          assert.deepEqual(cells, parse(some, { bom: true, skip_empty_lines: true, record_delimiter: "\n" }));
        }),
        { numRuns: 2000 },
      );
      assert.ok(read > 300, `only ${read} files were read`);
    });
  });

  it("names the line of a row however lines end and cells break", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "lines.csv");
      writeFileSync(path, 'a,b\r\n1,"x\r\ny\rz\n"\r\n\r\n2,b\n3,c\r4,d');
      const table = readCsv(path);
      assert.deepEqual(
        [0, 1, 2, 3].map((row) => table.placeOf(row)),
        [5, 7, 8, 9].map((line) => `${path}:${line}`),
      );
      assert.deepEqual(table.rows[0], ["1", "x\r\ny\rz\n"]);
    });
  });

  it("is read in the encoding and with the separator that are named; columns not kept cost nothing", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "latin.csv");
      writeFileSync(path, Buffer.from("name;year\nJosé;1984\n", "latin1"));
      const table = readCsv(path, { encoding: "latin1", separator: ";", keep: () => ["name"] });
      assert.deepEqual(table.column("name").values, ["José"]);
      assert.deepEqual(table.rows, [["José"]]);
      writeFileSync(path, Buffer.from("\ufeffname,year\nJosé,1984\n", "utf16le"));
      assert.deepEqual(cellsOf(readCsv(path, { encoding: "utf-16le" })), [
        ["name", "year"],
        ["José", "1984"],
      ]);
    });
  });

  it("numbers many distinct cells without confusing any", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "many.csv");
      const ids = Array.from({ length: 20_000 }, (_, i) => String((i * 7919) % 15_013));
      writeFileSync(path, `id,n\n${ids.map((id, n) => `${id},${n}\n`).join("")}`);
      const { values, codes } = readCsv(path).column("id");
      assert.equal(values.length, new Set(ids).size);
      assert.deepEqual(
        Array.from(codes, (code) => values[code]),
        ids,
      );
    });
  });

  it("of more than 2 GiB is read as far as it is one, and its damage named with the line", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "big.csv");
      const rows = Array.from({ length: 1000 }, (_, i) => `${i},1980\n`).join("");
      writeFileSync(path, `person,year\n${rows}`);
      truncateSync(path, 2.2e9); // zeros, which take no disk
      assert.throws(() => readCsv(path), {
        name: "UserError",
        message: /big\.csv:1002: a cell of more than 16 MiB\. /,
      });
    });
  });

  it("holds the memory of its columns, not of its text", () => {
    const row = Buffer.from(`1,${"x".repeat(1000)}\n`.repeat(1000));
    const chunks = function* () {
      yield Buffer.from("person,note\n");
      for (let i = 0; i < 300; i++) yield row;
    };
    const before = process.memoryUsage.rss();
    assert.equal(readCsvChunks("long.csv", chunks).size, 300_000);
    assert.ok(process.memoryUsage.rss() - before < 150e6, "300 MB of text took as much memory");
  });
});
