import { strict as assert } from "node:assert";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { validateCareer } from "labor-llm/dist/careers/validate";
import { UserError } from "labor-llm/dist/errors";
import { isPsidDownload, readPsid } from "labor-llm/dist/surveys/psid";
import { readPsidTable, readPsidTables } from "labor-llm/dist/surveys/psid/table";
import { readPsidVariables } from "labor-llm/dist/surveys/psid/variables";
import { inventPersons, trueCareers } from "../../support/psid/careers";
import { downloadFiles, type Form, writeDownload } from "../../support/psid/download";
import { withScratchFolder } from "../../support/scratch";

type Files = Record<string, string | Uint8Array>;

const job = "J900001_SYNTHETIC";
const persons = inventPersons(2, 8);
const variables = readPsidVariables();
const filesOf = (statements: Form["statements"], files: Form["files"] = "merged"): Files =>
  downloadFiles(persons, variables, { statements, files });

/** The files with one of them changed; a change that changes nothing is a mistake of the test. */
function edited(files: Files, name: string, edit: (text: string) => string | Uint8Array): Files {
  const before = String(files[name]);
  const after = edit(before);
  assert.ok(String(after) !== before, `${name} is as it was`);
  return { ...files, [name]: after };
}

describe("a damaged PSID download", () => {
  const merged = filesOf("do");
  const sps = filesOf("sps");
  const csv = filesOf("csv");
  const families = filesOf("csv", "one family file");
  const statements = (edit: (text: string) => string) => edited(merged, `${job}.do`, edit);
  const records = (edit: (text: string) => string) => edited(merged, `${job}.txt`, edit);
  const width = String(merged[`${job}.txt`]).indexOf("\r");
  const count = persons.length;
  const column = (text: string, name: string, places: string) =>
    text.replace(new RegExp(`( ${name} +)\\d+ - \\d+`), `$1${places}`);
  const withoutColumns = (text: string, ...names: string[]) => {
    const lines = text.split("\r\n").map((line) => line.split(","));
    const kept = lines[0].map((name) => !names.includes(name));
    return lines.map((line) => line.filter((_, i) => kept[i]).join(",")).join("\r\n");
  };

  const cases: [what: string, files: Files, message: RegExp][] = [
    [
      "columns beyond the record",
      statements((text) => column(text, "V3", "9998 - 9999")),
      new RegExp(
        `${job}\\.do:\\d+: V3 in columns 9998 - 9999, but the records have ${width} characters \\(.*${job}\\.txt:1\\)`,
      ),
    ],
    [
      "records longer than the statements say",
      records((text) => text.replaceAll("\r\n", "1\r\n")),
      new RegExp(`\\.do:\\d+: the last variable is .*, but the records have ${width + 1} characters`),
    ],
    [
      "columns that overlap",
      statements((text) => column(text, "ER30002", "1 - 4")),
      /\.do:\d+: ER3000[12] in columns 1 - \d, which overlaps ER3000[12] in columns 1 - \d \(line \d+\)/,
    ],
    [
      "columns that run backwards",
      statements((text) => column(text, "ER30002", "4 - 2")),
      /\.do:\d+: ER30002 in columns 4 - 2: no columns of a record/,
    ],
    [
      "a variable that stands twice",
      statements((text) => text.replace(" ER30002 ", " ER30001 ")),
      /\.do:\d+: ER30001 in columns .*, but line \d+ has ER30001/,
    ],
    [
      "statements that are no columns",
      statements((text) => text.replace(" ER30002 ", " ER30002 ? ")),
      /\.do:\d+: "ER30002 \?.*" is not a variable and its columns/,
    ],
    [
      "statements without columns",
      edited(sps, `${job}.sps`, (text) => text.replace("DATA LIST", "GET")),
      /\.sps: there is no DATA LIST statement that ends with a period/,
    ],
    [
      "records of unequal length",
      records((text) => text.replace(/(\r\n[^\r]*).\r\n/, "$1\r\n")),
      new RegExp(`\\.txt:2: the record has ${width - 1} characters, the first has ${width}`),
    ],
    [
      "a letter in a number",
      records((text) => `x${text.slice(1)}`),
      /\.txt:1: ER30001 in columns 1 - 1 is "x", no number/,
    ],
    [
      "records that are lost",
      records((text) => text.slice(width + 2)),
      new RegExp(`the file has ${count - 1} records, its statements \\(.*\\.do\\) say ${count}`),
    ],
    ["a file without statements", { "J1.txt": "1 2\n" }, /there is no \.txt with a \.do or \.sps/],
    [
      "a row with too few cells",
      edited(csv, `${job}.csv`, (text) => text.replace(/,\d*\r\n(?=2)/, "\r\n")),
      /\.csv:\d+: the row has \d+ cells, the header names \d+ variables/,
    ],
    [
      "an individual who stands twice",
      edited(csv, `${job}.csv`, (text) => text + text.trimEnd().slice(text.trimEnd().lastIndexOf("\n") + 1)),
      /individual \d+, ER30001 8 and ER30002 \d, stands there twice/,
    ],
    [
      "no individuals",
      edited(csv, `${job}.csv`, (text) => withoutColumns(text, "ER30002")),
      /no file has both ER30001 \(1968 interview number\) and ER30002 \(person number\)/,
    ],
    [
      "variables that matter and are missing",
      edited(csv, `${job}.csv`, (text) => withoutColumns(text, "ER21145", "ER30464", "V4842", "V4605_A")),
      /variables are missing: 1976: V4605_A \(occupation of the spouse or partner\); 1985: ER30464 \(who is in the family\); 2003: ER21145 \(occupation of the reference person\)/,
    ],
    [
      "a covariate that no wave has",
      edited(csv, `${job}.csv`, (text) => withoutColumns(text, "ER32000")),
      /variables are missing: all waves: ER32000 \(gender\)/,
    ],
    [
      "two files of individuals",
      { ...csv, "J2_SYNTHETIC.csv": csv[`${job}.csv`] },
      /2 files have individuals/,
    ],
    [
      "families that contradict each other",
      edited(families, "J900002_SYNTHETIC.csv", (text) => {
        const [head, ...rows] = text.split("\r\n");
        const [key, status] = ["V3", "V196"].map((name) => head.split(",").indexOf(name));
        const family = rows.find((row) => Number(row.split(",")[key]) > 0)?.split(",") as string[];
        family[status] = family[status] === "6" ? "5" : "6";
        return [head, ...rows.filter((row) => row !== ""), family.join(",")].join("\r\n");
      }),
      /families \d+ and \d+ have the interview number \d+ of 1968, but differ in V196/,
    ],
  ];
  for (const [what, files, message] of cases) {
    it(`is refused in a line that says where: ${what}`, () => {
      withScratchFolder((folder) => {
        assert.throws(
          () => readPsid(writeDownload(folder, files, false)),
          (error) => {
            assert.ok(error instanceof UserError, String(error));
            assert.match(error.message, message);
            return true;
          },
        );
      });
    });
  }

  it("is refused where the zip is cut, damaged or none", () => {
    withScratchFolder((folder) => {
      const path = writeDownload(folder, merged, true);
      const bytes = readFileSync(path);
      const readingOf = (edit: (bytes: Buffer) => Buffer) => {
        writeFileSync(path, edit(Buffer.from(bytes)));
        return () => readPsid(path);
      };
      assert.throws(
        readingOf((b) => b.subarray(0, b.length / 2)),
        /zip: the zip file is cut short/,
      );
      assert.throws(
        readingOf((b) => b.fill(0x55, 900, 905)),
        /zip:J900001_SYNTHETIC\.\w+: the zip file is damaged/,
      );
      assert.throws(
        readingOf(() => Buffer.from("no zip at all")),
        /zip: this is no zip file/,
      );
    });
  });

  it("gives the same careers with mixed line ends, a byte-order mark and Latin-1 labels", () => {
    const mixed = (text: string) => {
      let n = 0;
      return text.replace(/\r?\n/g, () => ["\n", "\r\n", "\r", "\r\n\r\n"][n++ % 4]);
    };
    const latin = (text: string) =>
      Buffer.from(text.replace("AGE 1968", "\u00c2GE D\u00c9J\u00c0"), "latin1");
    for (const files of [
      edited(
        records((text) => `\ufeff${mixed(text)}`),
        `${job}.do`,
        (text) => latin(mixed(text)),
      ),
      edited(
        edited(csv, `${job}.csv`, (text) => `\ufeff${mixed(text)}`),
        `${job}_labels.txt`,
        latin,
      ),
    ]) {
      withScratchFolder((folder) => {
        const path = writeDownload(folder, files, false);
        assert.deepEqual(readPsid(path).careers, trueCareers(persons));
        assert.equal(readPsidTable(path).labels.get("ER30004"), "\u00c2GE D\u00c9J\u00c0");
      });
    }
  });

  it("never ends otherwise than in a panel whose account adds up, or a user's error", () => {
    const few = inventPersons(3, 4);
    const forms = (
      [
        ["do", "merged"],
        ["csv", "merged"],
        ["sps", "one family file"],
      ] as const
    ).map(([statements, files]) => downloadFiles(few, variables, { statements, files }));
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    const damage = fc.record({
      file: fc.nat(3),
      at: place,
      remove: fc.oneof(fc.nat(3), fc.nat(4000)),
      insert: fc.oneof(
        fc.string({ maxLength: 4 }),
        fc.constantFrom("\n", "\r", ",", '"', "-", ".", "\ufeff", "99999999999"),
      ),
    });
    const digits = fc.array(fc.record({ at: place, digit: fc.nat(9) }), { maxLength: 400 });
    const outcomes = { panel: 0, error: 0 };
    const property = fc.property(
      fc.nat(forms.length - 1),
      fc.array(damage, { maxLength: 2 }),
      digits,
      fc.boolean(),
      (form, damages, changes, accept) => {
        const files = { ...forms[form] };
        const names = Object.keys(files);
        const data = names.find((name) => /SYNTHETIC\.(txt|csv)$/.test(name)) as string;
        for (const { at, digit } of changes) {
          const from = Math.floor(at * files[data].length);
          if (/\d/.test(files[data].slice(from, from + 1))) {
            files[data] = files[data].slice(0, from) + digit + files[data].slice(from + 1);
          }
        }
        for (const { file, at, remove, insert } of damages) {
          const name = names[file % names.length];
          const from = Math.floor(at * files[name].length);
          files[name] = files[name].slice(0, from) + insert + files[name].slice(from + remove);
        }
        withScratchFolder((folder) => {
          const path = writeDownload(folder, files, false);
          try {
            isPsidDownload(path);
            const panel = readPsid(path, { missingVariables: accept ? "accept" : "refuse" });
            const observed = panel.careers.reduce((n, { observations }) => n + observations.length, 0);
            assert.equal(panel.rows?.used, observed);
            const table = readPsidTables(path).find(({ columns }) => columns.has("ER30002"));
            assert.equal((panel.rows?.read ?? 0) % (table?.rows ?? 0), 0);
            for (const career of panel.careers) validateCareer(career, panel.titles);
            outcomes.panel++;
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
            assert.match(error.message, /^\S+: |^\S+:\d+: /);
            outcomes.error++;
          }
        });
      },
    );
    fc.assert(property, { numRuns: 150, seed: 7 });
    assert.ok(outcomes.panel > 20 && outcomes.error > 20, JSON.stringify(outcomes));
  });

  it("ends, whatever long run of characters its statements hold", () => {
    const many = 300_000;
    const runs: Record<string, string> = {
      letters: "a".repeat(many),
      blanks: " ".repeat(many),
      "blank lines": "\n".repeat(many),
      "openings of comments": "/*".repeat(many),
      quotes: `x "`.repeat(many),
      digits: "1".repeat(many),
      parenthesis: `V1 1 (${" ".repeat(many)}z`,
      list: "DATA LIST x ".repeat(many / 10),
    };
    const places: [file: "do" | "sps", before: RegExp][] = [
      ["sps", /(?= {3}ER30001 +")/],
      ["sps", /(?= +ER30001 +1 - )/],
      ["sps", /^/],
      ["do", /(?=label variable)/],
      ["do", /(?<=infix\n)/],
      ["do", /^/],
    ];
    for (const [statement, place] of places) {
      for (const [what, run] of Object.entries(runs)) {
        const files = edited(filesOf(statement), `${job}.${statement}`, (text) =>
          text.replace(place, () => run),
        );
        withScratchFolder((folder) => {
          const path = writeDownload(folder, files, false);
          try {
            readPsid(path);
          } catch (error) {
            assert.ok(error instanceof UserError, `${what}: ${(error as Error).stack}`);
            assert.ok(error.message.length < 1000, `${what}: ${error.message.length} characters`);
          }
        });
      }
    }
  });

  it("with a line of many megabytes, or none that ends, is refused with file and line", () => {
    withScratchFolder((folder) => {
      const path = writeDownload(folder, csv, false);
      const data = join(path, `${job}.csv`);
      truncateSync(data, 3 * 2 ** 30); // zeros, which take no disk
      assert.throws(() => readPsid(path), {
        name: "UserError",
        message: new RegExp(`${job}\\.csv:\\d+: a line of more than 16 MiB`),
      });
    });
  });

  it("never ends otherwise in a zip whose bytes are changed", () => {
    withScratchFolder((folder) => {
      const path = writeDownload(folder, filesOf("do"), true);
      const bytes = readFileSync(path);
      const property = fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const copy = Buffer.from(bytes);
        // The places of files, their sizes and names stand at the end.
        for (const place of [at, bytes.length - 1 - (at % 200)]) copy[place] = byte;
        writeFileSync(path, cut ? copy.subarray(0, at) : copy);
        try {
          isPsidDownload(path);
          readPsid(path);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      });
      fc.assert(property, { numRuns: 100, seed: 8 });
    });
  });
});

describe("a table of PSID variables", () => {
  const table = (lines: string) =>
    withScratchFolder((folder) => {
      const path = join(folder, "psid.csv");
      writeFileSync(path, `concept,year,variable\n${lines}`);
      return readPsidVariables(path);
    });

  it("is refused with file and line where two waves have the same year, or a row says nothing", () => {
    const relation = "relation,1985,ER30465\n";
    for (const [lines, message] of [
      [
        `${relation}relation,1985,ER30500\n`,
        /psid\.csv:3: relation has a second variable in 1985, the first at .*:2/,
      ],
      [`${relation}sequence,1986,ER30465\n`, /psid\.csv:3: ER30465 stands for 1985 and for 1986/],
      [`${relation}income,1985,V1\n`, /psid\.csv:3: "income" is no concept/],
      [`${relation}relation,85,ER1\n`, /psid\.csv:3: "85" is no year/],
      [`${relation}relation,1986,1\n`, /psid\.csv:3: "1" is no variable/],
    ] as const) {
      assert.throws(() => table(lines), message);
    }
  });
});
