import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { zipSync } from "fflate";
import { UserError } from "labor-llm/dist/errors";
import { parseShortDescriptions, parseValueLabels } from "labor-llm/dist/surveys/nls/dictionary";
import { IntegerScanner } from "labor-llm/dist/surveys/nls/integer-scanner";
import { isInvestigatorDownload, readInvestigatorTable } from "labor-llm/dist/surveys/nls/investigator-table";
import { syntheticDownload } from "labor-llm/dist/surveys/nls/synthetic-download";
import { writeDownloadFiles, writeDownloadZip } from "labor-llm/dist/surveys/nls/synthetic-files";
import { readSurvey } from "labor-llm/dist/surveys/read-survey";
import { withScratchFolder } from "../../support/scratch";

const download = syntheticDownload("nlsy79", { persons: 6, seed: 3 });
const csv = '"R0000100","R0214800","W0061300"\n1,2,-4\n2,1,101\n';

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert(error instanceof UserError, String(error));
    return error.message;
  }
  throw new assert.AssertionError({ message: "it was read" });
}

function readText(folder: string, name: string, contents: string | Uint8Array) {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return readInvestigatorTable(path, ["R0000100", "W0061300"]);
}

describe("tables of NLS Investigator", () => {
  it("hold the same cells in every format, under every kind of name and by every line end", () => {
    const paths: ((folder: string) => string)[] = [
      (folder) => writeDownloadFiles(folder, download, [".csv"])[0],
      (folder) => writeDownloadFiles(folder, download, [".csv"], { columnNames: "dotted" })[0],
      (folder) => writeDownloadFiles(folder, download, [".csv"], { columnNames: "question" })[0],
      (folder) => writeDownloadFiles(folder, download, [".csv"], { lineEnd: "\r\n" })[0],
      (folder) => writeDownloadFiles(folder, download, [".dct"])[0],
      (folder) => writeDownloadFiles(folder, download, [".dct"], { lineEnd: "\r\n" })[0],
      (folder) => writeDownloadFiles(folder, download, [".dat", ".sdf"])[0],
      (folder) => writeDownloadFiles(folder, download, [".dat", ".NLSY79"])[0],
      (folder) => {
        writeDownloadFiles(folder, download, [".csv", ".dat", ".dct", ".sdf", "-value-labels.do"]);
        return folder;
      },
      (folder) => {
        writeDownloadFiles(join(folder, "unpacked"), download, [".dat", ".sdf"]);
        return folder;
      },
      (folder) => {
        writeDownloadZip(join(folder, "download.zip"), download);
        return join(folder, "download.zip");
      },
      (folder) => {
        writeDownloadZip(join(folder, "download.zip"), download, { columnNames: "question" });
        return folder;
      },
      (folder) => {
        const [path] = writeDownloadFiles(folder, download, [".csv"]);
        writeFileSync(join(folder, "packed.csv.gz"), gzipSync(readFileSync(path)));
        return join(folder, "packed.csv.gz");
      },
    ];
    for (const make of paths) {
      withScratchFolder((folder) => {
        const path = make(folder);
        assert(isInvestigatorDownload(path), path);
        const table = readInvestigatorTable(path, download.variables);
        assert.deepEqual(table.missing, []);
        download.variables.forEach(({ reference }, i) => {
          assert.deepEqual(
            [...(table.columns.get(reference) ?? [])],
            [...download.columns[i]],
            `${path} ${reference}`,
          );
        });
      });
    }
  });

  it("do not depend on where the file's bytes are cut, nor on the mixture of line ends", () => {
    const row = fc.array(fc.integer({ min: -99_999, max: 2 ** 31 - 1 }), { minLength: 4, maxLength: 4 });
    const lineEnd = fc.constantFrom("\n", "\r\n", "\r", "\n\n");
    const line = fc.tuple(row, lineEnd, fc.boolean());
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 20 }),
        fc.array(fc.nat(400)),
        fc.constantFrom(44, 32),
        (lines, cuts, separator) => {
          const text = lines
            .map(([cells, end, quoted]) => {
              const shown = cells.map((cell) => (quoted ? `"${cell}"` : `${cell}`));
              return shown.join(String.fromCharCode(separator)) + end;
            })
            .join("");
          const bytes = Buffer.from(text);
          const scanner = new IntegerScanner({
            place: "f",
            firstLine: 0,
            separator,
            names: ["a", "b", "c", "d"],
            slots: Int32Array.of(1, -1, -1, 0),
            wanted: 2,
          });
          const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
          for (let i = 1; i < places.length; i++) scanner.push(bytes.subarray(places[i - 1], places[i]));
          const { rows, columns } = scanner.end();
          assert.equal(rows, lines.length);
          assert.deepEqual(
            [...columns[1]],
            lines.map(([cells]) => cells[0]),
          );
          assert.deepEqual(
            [...columns[0]],
            lines.map(([cells]) => cells[3]),
          );
        },
      ),
    );
  });

  it("may start with a byte-order mark, mix line ends and have labels in Latin-1", () => {
    withScratchFolder((folder) => {
      const label =
        'label define vlR0214800   1 "MALE (se\xf1or)"  2 "FEMALE"\r\nlabel values R0214800 vlR0214800\r\n';
      writeFileSync(join(folder, "a-value-labels.do"), Buffer.from(label, "latin1"));
      const table = readText(folder, "a.csv", `\ufeff${csv.replace("-4\n", "-4\r\n")}`);
      assert.deepEqual(
        [...table.columns.values()].map((column) => [...column]),
        [
          [1, 2],
          [-4, 101],
        ],
      );
      assert.equal(table.labelsOf("R0214800").get(1), "MALE (señor)");
      assert.equal(table.placeOf(1), `${join(folder, "a.csv")}:3`);
    });
    assert.deepEqual(
      [...(parseValueLabels('label define vlR0214800 -4 "SKIP"  0 ""').get("R0214800") ?? [])],
      [
        [-4, "SKIP"],
        [0, ""],
      ],
    );
  });

  it("are read from a csv that another program saved: numbers in other forms, other separators, capitals", () => {
    const forms: [name: string, text: string][] = [
      ["a.csv", '"R0000100","R0214800","W0061300"\n1e0,2,-4.0\n2,"1.0","1.01e2"\n'],
      ["a.CSV", "R0000100;R0214800;W0061300\r\n1;2;-4\r\n 2 ;1; 101\r\n"],
      ["a.csv", "sep=;\nR0000100;R0214800;W0061300\n1;2;-4\n2;1;101\n"],
      ["a.csv", '\ufeffsep=\t\n"R0000100"\t"R0214800"\t"W0061300"\n1\t2\t-4\n2\t1\t101\n'],
      ["a.csv.GZ", csv],
      ["a.tsv", csv.replaceAll(",", "\t")],
      ["a.TXT", csv.replaceAll(",", "\t")],
    ];
    for (const [name, text] of forms) {
      withScratchFolder((folder) => {
        const table = readText(folder, name, /gz$/i.test(name) ? gzipSync(text) : text);
        const columns = [...table.columns.values()].map((column) => [...column]);
        assert.deepEqual(columns, [
          [1, 2],
          [-4, 101],
        ]);
        assert.equal(table.placeOf(1).split(":").pop(), text.includes("sep=") ? "4" : "3");
      });
    }
  });

  it("are told by a header that names the identifier behind any number of other questions", () => {
    withScratchFolder((folder) => {
      const made = syntheticDownload("nlsy97", { persons: 4, seed: 2 });
      const [whole] = writeDownloadFiles(folder, made, [".csv"], { columnNames: "question", name: "q97" });
      const cells = readFileSync(whole, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => line.split(","));
      const weekly = cells[0].map((name) => name.startsWith('"EMP_STATUS'));
      const order = (line: string[]) => [
        ...line.filter((_, i) => weekly[i]),
        ...line.filter((_, i) => !weekly[i]),
      ];
      const text = cells.map((line) => order(line).join(",")).join("\n");
      assert.ok(text.indexOf("PUBID") > 20_000);
      writeFileSync(whole, `${text}\n`);
      assert.ok(isInvestigatorDownload(whole));
      const panel = readSurvey(whole);
      assert.equal(panel.name, "nlsy97");
      assert.deepEqual(panel.careers, made.careers);
    });
  });

  it("name file and line where a row has other cells than the header, or a cell is no whole number", () => {
    const cases: [string, RegExp][] = [
      [csv.replace("2,1,101", "2,1"), /made\.csv:3: the row has 2 cells where the file has 3 variables/],
      [csv.replace("1,2,-4", "1,2,-4,7"), /made\.csv:2: the row has 4 cells where the file has 3 variables/],
      [csv.replace("101", "10.5"), /made\.csv:3: "10\.5" is not a whole number \(column W0061300\)/],
      [
        csv.replace("101", '"1,010"'),
        /"1,010" is not a whole number \(it has a comma as a thousands separator\)/,
      ],
      [csv.replace("101", "x".repeat(500)), /made\.csv:3: "x{79}…" is not a whole number/],
      [csv.replace("101", "NA"), /made\.csv:3: "NA" is not a whole number/],
      [csv.replace("101", ""), /made\.csv:3: "" is not a whole number/],
      [csv.replace("101", "99999999999"), /made\.csv:3: "99999999999" is not a whole number/],
      [csv.replace("R0214800", "R0000100"), /made\.csv: two columns are called R0000100/],
      [csv.split("\n")[0], /made\.csv: the file has no persons/],
    ];
    for (const [text, message] of cases) {
      withScratchFolder((folder) => {
        assert.match(
          refusal(() => readText(folder, "made.csv", text)),
          message,
        );
      });
    }
    withScratchFolder((folder) => {
      writeDownloadFiles(folder, download, [".sdf"], { name: "made" });
      assert.match(
        refusal(() => readText(folder, "made.dat", "1 2 3\n")),
        /made\.dat:1: the row has 3 cells where the file has 1696 variables/,
      );
    });
  });

  it("refuse what is no download, an archive that is cut or damaged, and two data files in one folder", () => {
    withScratchFolder((folder) => {
      const zip = join(folder, "whole", "download.zip");
      mkdirSync(join(folder, "whole"));
      writeDownloadZip(zip, download);
      const whole = readFileSync(zip);
      const damaged = Buffer.from(whole);
      damaged[whole.indexOf("SYNTHETIC_nlsy79.csv") + 500] ^= 0x40;
      const cases: [string, Uint8Array | string, RegExp][] = [
        ["other.zip", zipSync({ "notes.txt": Buffer.from("hello") }), /no data file of NLS Investigator/],
        ["text.zip", "no zip at all, but long enough to be one", /text\.zip: this is no zip file/],
        ["cut.zip", whole.subarray(0, whole.length - 300), /cut\.zip: the zip file is cut short/],
        ["damaged.zip", damaged, /damaged\.zip.*: the zip file is damaged/],
        ["tail.zip", whole.subarray(whole.length - 400), /cut short/],
        ["panel.csv", "person,year,title\n1,1990,Cooks\n", /no data file of NLS Investigator/],
      ];
      for (const [name, contents, message] of cases) {
        const path = join(folder, name);
        writeFileSync(path, contents);
        assert.match(
          refusal(() => readInvestigatorTable(path, download.variables)),
          message,
        );
        if (message.source.startsWith("no data file"))
          assert.equal(isInvestigatorDownload(path), false, name);
        else if (name !== "damaged.zip")
          assert.match(
            refusal(() => isInvestigatorDownload(path)),
            message,
          );
      }
      assert.match(
        refusal(() => readInvestigatorTable(join(folder, "absent.zip"), [])),
        /no such file/,
      );
      const two = join(folder, "two");
      mkdirSync(two);
      writeFileSync(join(two, "a.csv"), csv);
      writeFileSync(join(two, "b.csv"), csv);
      assert.match(
        refusal(() => readInvestigatorTable(two, ["R0000100"])),
        /two: more than one data file \(a\.csv, b\.csv\)/,
      );
      const zips = join(folder, "zips");
      mkdirSync(zips);
      for (const name of ["a.zip", "b.zip"]) writeFileSync(join(zips, name), whole);
      assert.match(
        refusal(() => readInvestigatorTable(zips, ["R0000100"])),
        /zips: more than one data file/,
      );
    });
  });

  it("ends, whatever long run of characters the files beside its data hold", () => {
    const many = 300_000;
    const runs = [" ".repeat(many), "a".repeat(many), "\n".repeat(many), "1 ".repeat(many), "1".repeat(many)];
    const descriptions = runs.flatMap((run) => [
      `R00001.00 1979${run}`,
      `R00001.00  1979  A${run}B  C D`,
      run,
    ]);
    for (const text of descriptions) assert.ok(parseShortDescriptions(`${text}\n`).length <= 1);
    for (const run of runs) assert.ok(parseValueLabels(`label define vlR0000100 ${run}x\n`).size <= 1);
    assert.deepEqual(parseShortDescriptions("R00002.00  XRND    A TEXT,  IN PARTS   Q1-A \n"), [
      { reference: "R0000200", release: "XRND", description: "A TEXT,  IN PARTS", question: "Q1-A" },
    ]);
  });

  it("is told from other files soon, whatever long line a file begins with", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "other.csv");
      for (const line of ["\0", "a", " ", "a,", "\n"]) {
        for (const end of ["", "\n"]) {
          writeFileSync(path, line.repeat(1 << 20) + end);
          assert.equal(isInvestigatorDownload(path), false, JSON.stringify([line, end]));
        }
      }
      writeFileSync(path, `sep=,\n \n${"Q1_1997,".repeat(100_000)}PUBID_1997\n`);
      assert(isInvestigatorDownload(path));
    });
  });

  it("whose data are zeros of any length is refused with file and line", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "large.csv");
      for (const [head, message] of [
        ["R0000100,R0000200\n1,2\n", /large\.csv:3: a line of more than 16 MiB/],
        ["R0000100,R0000200,", /large\.csv: no line that names the variables ends in the first 16 MiB/],
      ] as const) {
        writeFileSync(path, head);
        truncateSync(path, 3 * 2 ** 30);
        assert.match(
          refusal(() => readInvestigatorTable(path, ["R0000100"])),
          message,
        );
      }
    });
  });
});
