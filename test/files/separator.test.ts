import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readCsv } from "labor-llm/dist/files/csv";
import { separatorOf } from "labor-llm/dist/files/separator";
import { withScratchFolder } from "../support/scratch";

describe("what parts the cells of a file", () => {
  it("is told from its header: commas first, then what it has most of", () => {
    const cases: [header: string, path: string, separator: string][] = [
      ["a,b", "x.csv", ","],
      ["a;b", "x.csv", ";"],
      ["a\tb", "x.txt", "\t"],
      ["a|b", "x.csv", "|"],
      ["a;b,c", "x.csv", ","],
      ['"a,b";c', "x.csv", ";"],
      ['"a ""b,c""";d', "x.csv", ";"],
      ["a, whole\tb", "x.TSV", "\t"],
      ["a,b", "x.tab.gz", ","],
      ["alone", "x.csv", ","],
      ["", "x.csv", ","],
    ];
    for (const [header, path, separator] of cases) {
      assert.equal(separatorOf(header, path), separator, JSON.stringify([header, path]));
    }
  });

  it("gives the same table in any of these forms, with Excel's first line too, and the lines' numbers stay", () => {
    const rows = [
      ["person", "title"],
      ["a", "Cooks; private"],
    ];
    const forms: [name: string, text: string, line: number][] = [
      ["a.csv", 'person;title\na;"Cooks; private"\n', 2],
      ["b.tsv", "person\ttitle\na\tCooks; private\n", 2],
      ["c.TXT", "person\ttitle\na\tCooks; private\n", 2],
      ["d.csv", 'sep=;\r\nperson;title\r\na;"Cooks; private"\r\n', 3],
      ["e.csv", '\ufeff"sep=\t"\nperson\ttitle\na\tCooks; private\n', 3],
    ];
    withScratchFolder((folder) => {
      for (const [name, text, line] of forms) {
        const path = join(folder, name);
        writeFileSync(path, text);
        const table = readCsv(path);
        assert.deepEqual([table.header, ...table.rows], rows, name);
        assert.equal(table.placeOf(0), `${path}:${line}`);
        writeFileSync(`${path}.GZ`, gzipSync(text));
        assert.deepEqual(readCsv(`${path}.GZ`).rows, [rows[1]], name);
      }
    });
  });
});
