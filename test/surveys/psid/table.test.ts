import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isPsidDownload } from "labor-llm/dist/surveys/psid";
import { readPsidTable } from "labor-llm/dist/surveys/psid/table";
import { withScratchFolder } from "../../support/scratch";

describe("a PSID table", () => {
  const readFiles = (files: Record<string, string>, wanted?: readonly string[]) =>
    withScratchFolder((folder) => {
      for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
      const { rows, columns, labels } = readPsidTable(folder, wanted);
      const cells = [...columns].map(([name, column]) => [
        name,
        Array.from({ length: rows }, (_, row) => column.at(row)),
      ]);
      return { cells: Object.fromEntries(cells), labels: Object.fromEntries(labels) };
    });

  const data = "1 12 -7ab\n2   3.5cd\n3 04   ef";

  it("is read as Stata reads infix: types, comments, continued lines, single columns", () => {
    const statements = `* infix of nothing ;
infix byte er1 1 /* the first */ ///
  long ER2 2-4  double ER3 5 - 7
  str2 ER4 8-9
using "[path]\\J1.txt", clear
label variable ER2 "AGE  OF HEAD   "
`;
    const read = readFiles({ "J1.do": statements, "J1.txt": data }, ["ER1", "ER2", "ER3", "ER9"]);
    assert.deepEqual(read.cells, { ER1: [1, 2, 3], ER2: [12, Number.NaN, 4], ER3: [-7, 3.5, Number.NaN] });
    assert.deepEqual(read.labels, { ER2: "AGE OF HEAD" });
    assert.throws(
      () => readFiles({ "J1.do": statements, "J1.txt": data }),
      /J1\.do:4: ER4 is text, not a number/,
    );
  });

  it("is read as SPSS reads a data list: implied decimals where no point is written, text", () => {
    const statements = `FILE HANDLE PSID / NAME = '[PATH]\\j1.txt' LRECL = 9 .
DATA LIST FILE = PSID FIXED /
  ER1 1 - 1  ER2 2 - 4 (1)  ER3 5-7 (F,2)
  ER4 8-9 (A)
   .
   VARIABLE LABELS
   ER3 "LOSS"
   .
`;
    const read = readFiles({ "j1.SPS": statements, "J1.txt": data }, ["ER1", "ER2", "ER3"]);
    assert.deepEqual(read.cells, {
      ER1: [1, 2, 3],
      ER2: [1.2, Number.NaN, 0.4],
      ER3: [-0.07, 3.5, Number.NaN],
    });
    assert.deepEqual(read.labels, { ER3: "LOSS" });
  });

  it("is read from a csv that another program saved: its separators, numbers and words for missing values", () => {
    const plain = readFiles({ "J1.csv": "ER30001,ER30002,ER30686\n1000,1,2.5\n2,,0\n" });
    const forms: [name: string, text: string][] = [
      ["J1.csv", "ER30001;ER30002;ER30686\n1e3;1;2,5\n2;NA;0\n"],
      ["J1.CSV", 'sep=;\r\n"ER30001";"ER30002";"ER30686"\r\n1000;"1.0";2,5\r\n2;.;0\r\n'],
      ["J1.tsv", "ER30001\tER30002\tER30686\n1e+03\t1\t2.5\n2\tNaN\t0\n"],
      ["J1.csv", "ER30001,ER30002,ER30686\n1000.0, 1 ,2.5\n2,.a,0\n"],
    ];
    for (const [name, text] of forms) assert.deepEqual(readFiles({ [name]: text }), plain, text);
    assert.throws(() => readFiles({ "J1.csv": 'ER30001,ER30002\n"x\u001b",1\n' }), {
      name: "UserError",
      message: /J1\.csv:2: ER30001 is "x\\u001b", no number\. /,
    });
  });

  it("is told from other files without reading them", () => {
    withScratchFolder((folder) => {
      const is = (name: string, files: Record<string, string>) => {
        mkdirSync(join(folder, name));
        for (const [file, contents] of Object.entries(files))
          writeFileSync(join(folder, name, file), contents);
        return isPsidDownload(join(folder, name));
      };
      assert.ok(is("txt", { "J1.do": "infix ER30001 1-4\nusing J1.txt", "J1.txt": "1234" }));
      assert.ok(is("csv", { "J1.csv": '\ufeff"ER30001","er30002"\r\n1,2\r\n' }));
      assert.ok(is("excel", { "J1.csv": "sep=;\nER30001;ER30002\n1;2\n" }));
      assert.ok(!is("careers", { "careers.csv": "person,year,title\na,1984,Cooks\n" }));
      assert.ok(!is("other", { "J1.do": "infix R0000100 1-4\nusing J1.txt", "J1.txt": "1234" }));
      assert.ok(!is("something else", { "photos.zip": "PK" }));
      assert.ok(!is("empty", {}));
      const reason = (message: RegExp) => ({ name: "UserError", message });
      // What bears the name of a job of the Data Center and cannot be opened says why.
      assert.throws(() => is("damaged", { "J1.zip": "PK" }), reason(/this is no zip file/));
      assert.throws(() => isPsidDownload(join(folder, "absent")), reason(/no such file/));
      assert.throws(() => isPsidDownload(join(folder, "damaged", "J1.zip")), reason(/this is no zip file/));
    });
  });
});
