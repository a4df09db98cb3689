import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { validateCareer } from "labor-llm/dist/careers/validate";
import { UserError } from "labor-llm/dist/errors";
import { type MappedPanelOptions, readMappedPanel } from "labor-llm/dist/surveys/mapped-panel";
import type { PanelMap } from "labor-llm/dist/surveys/panel-map";
import { readSurvey } from "labor-llm/dist/surveys/read-survey";

const header = "id,wave,occ,status,born,sex,w";
const rows = [
  "1,2000,275,work,1980,F,2.5",
  "1,2001,435.0,work,1980,F,0",
  "2,2001,,none,1981,M,",
  "2,2003,22,work,,M,1",
];
const csv = [header, ...rows, ""].join("\n");
const map: PanelMap = {
  name: "made-up",
  surveyTag: "MADE-UP",
  columns: {
    person: "id",
    year: "wave",
    occupation: { column: "occ", vintage: "occ1990dd", missing: ["-4"] },
    state: { column: "status", words: { work: null, none: "Unemployed", home: "Not in labor force" } },
    gender: { column: "sex", words: { F: "female", M: "male" } },
    birthYear: "born",
    weight: "w",
  },
};

describe("a column map", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (contents: string | Uint8Array, name = "panel.csv") => {
    const path = join(folder, name);
    writeFileSync(path, contents);
    return path;
  };
  const read = (contents: string | Uint8Array, one = map, options: MappedPanelOptions = {}) =>
    readMappedPanel(file(contents), one, options);
  const refused = (act: () => unknown, message: RegExp) =>
    assert.throws(act, (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, message);
      assert.ok(!error.message.includes("\n"));
      return true;
    });

  it("makes careers of codes, states and weights, over the titles of the vintage and the map's states", () => {
    const panel = read(csv);
    assert.deepEqual([panel.name, panel.surveyTag, panel.titles.size], ["made-up", "MADE-UP", 334]);
    assert.deepEqual(panel.titles.titles.slice(-2), ["Unemployed", "Not in labor force"]);
    assert.deepEqual(panel.careers, [
      {
        person: "1",
        covariates: { gender: "female", birthYear: 1980 },
        observations: [
          { year: 2000, title: "Retail sales clerks", weight: 2.5 },
          { year: 2001, title: "Waiter/waitress", weight: 0 },
        ],
      },
      {
        person: "2",
        covariates: { gender: "male", birthYear: 1981 },
        observations: [
          { year: 2001, title: "Unemployed" },
          { year: 2003, title: "Managers and administrators, n.e.c.", weight: 1 },
        ],
      },
    ]);
    assert.deepEqual(panel.rows?.toJSON().dropped, []);
  });

  it("decides what becomes of rows that are not plain, each under a named reason", () => {
    const odd = `${csv}3,2000,275,none,1985,F,1\n3,2001,999,work,1985,F,1\n3,2002,-4,work,1985,F,1\n3,1999,,home,1985,F,1\n`;
    const account = (rules: MappedPanelOptions) => {
      const { rows: account, careers } = read(odd, map, { unknownOccupation: "drop", ...rules });
      const used = careers.reduce((n, { observations }) => n + observations.length, 0);
      assert.equal(account?.used, used);
      assert.equal(account?.read, 8);
      const third = careers.find(({ person }) => person === "3");
      return [third?.observations.map(({ title }) => title), account?.dropped.map(({ reason }) => reason)];
    };
    const plain = ["with a code that is no occupation of occ1990dd", "without an occupation or a state"];
    assert.deepEqual(account({ stateWithOccupation: "state" }), [
      ["Not in labor force", "Unemployed"],
      plain,
    ]);
    assert.deepEqual(account({ stateWithOccupation: "occupation" }), [
      ["Not in labor force", "Retail sales clerks"],
      plain,
    ]);
    assert.deepEqual(account({ stateWithOccupation: "drop" }), [
      ["Not in labor force"],
      ["in a state that also has an occupation", ...plain],
    ]);
    assert.deepEqual(account({ stateWithOccupation: "state", states: "drop" }), [
      undefined,
      ["in a state, not an occupation", ...plain],
    ]);
    const drop = [{ where: { wave: { atLeast: 2001, below: 2002 } }, because: "of 2001" }];
    assert.deepEqual(account({ stateWithOccupation: "state", drop }), [
      ["Not in labor force", "Unemployed"],
      ["of 2001", "without an occupation or a state"],
    ]);
    refused(
      () => read(odd, map, { unknownOccupation: "drop" }),
      /panel\.csv:6: the row has a state, "Unemployed", and/,
    );
    refused(
      () => read(odd, map, { stateWithOccupation: "state" }),
      /panel\.csv:7: occ1990dd: the code 999 is no occupation: .*"unknownOccupation" to "drop"/,
    );
  });

  it("words education as of each year from dates, enrolment and, where no date is known, a usual age", () => {
    const dated: PanelMap = {
      columns: {
        person: "id",
        year: "wave",
        occupation: "job",
        birthYear: "born",
        education: {
          start: "less than high school",
          unknown: { final: [""] },
          steps: [
            { level: "high school", since: "hs" },
            { level: "some college", once: { enrolled: ["yes"] } },
            { level: "college", since: "ba" },
          ],
          undated: {
            column: "final",
            words: { HS: "high school", BA: "college", none: null },
            ages: { "high school": 19, college: 23 },
          },
        },
      },
    };
    const lines = [
      "id,wave,job,born,hs,ba,final,enrolled",
      ...[2004, 2001, 2002, 2003, 2000].map((y) => `a,${y},x,1982,2001,2004,BA,${y === 2002 ? "yes" : "no"}`),
      ...[1999, 2001, 2002].map((y) => `b,${y},x,1982,,,HS,no`),
      ...[2000, 2001].map((y) => `c,${y},x,1982,,,,${y === 2001 ? "yes" : "no"}`),
      "d,2000,x,1982,,,none,no",
    ];
    const { careers, rows: account } = read(lines.join("\r\n"), dated);
    const levels = careers.map(({ observations }) => observations.map(({ education }) => education));
    assert.deepEqual(levels, [
      ["less than high school", "high school", "some college", "some college", "college"],
      ["less than high school", "high school", "high school"],
      [undefined, "some college"],
      ["less than high school"],
    ]);
    assert.deepEqual(account?.notes[1], {
      count: 1,
      what: "persons whose final degree has no date: it is assumed from a usual age on",
    });
  });

  it("beside a file is used for it; age gives the birth year where there is no other", () => {
    const path = file(gzipSync(csv.replaceAll("1980", "20").replace("1981", "20")), "beside.csv.gz");
    writeFileSync(
      join(folder, "beside.map.json"),
      JSON.stringify({
        name: "beside",
        columns: { person: "id", year: "wave", occupation: "status", age: "born" },
      }),
    );
    const panel = readSurvey(path);
    assert.equal(panel.name, "beside");
    assert.equal(panel.careers[0].covariates.birthYear, 1980);
    assert.deepEqual(panel.titles.titles, ["none", "work"]);
  });

  const columns = { person: "id", year: "wave", occupation: "occ" };
  const wrong: [what: string, value: unknown, message: RegExp][] = [
    [
      "an unknown key",
      { columns, colums: {} },
      /the column map: Unrecognized key: "colums"\. data\/maps\/README/,
    ],
    ["an unknown field", { columns: { ...columns, race: "r" } }, /columns: Unrecognized key: "race"/],
    [
      "a wrong type",
      { columns: { ...columns, gender: 3 } },
      /columns\.gender: expected object, received number/,
    ],
    ["a missing field", { columns: { year: "wave", occupation: "occ" } }, /columns\.person: /],
    [
      "no occupation or state",
      { columns: { person: "id", year: "wave" } },
      /columns: name "occupation" or "state"/,
    ],
    [
      "an unknown vintage",
      { columns: { ...columns, occupation: { column: "occ", vintage: "census-2020" } } },
      /columns\.occupation\.vintage: Invalid option: expected one of "census-1960"/,
    ],
    [
      "a wrong bound",
      { columns, rules: { drop: [{ where: { wave: {} }, because: "x" }] } },
      /wave: give "atLeast"/,
    ],
    [
      "a wrong step",
      { columns: { ...columns, education: { start: "a", steps: [{ level: "b" }] } } },
      /education\.steps\.0: give "since" or "once"/,
    ],
    ["an unknown encoding", { columns, encoding: "klingon" }, /encoding: no encoding of that name/],
    ["an unknown rule", { columns, rules: { states: "maybe" } }, /rules\.states: Invalid option/],
  ];
  for (const [what, value, message] of wrong) {
    it(`with ${what} is refused, naming the key`, () => {
      refused(() => read(csv, value as PanelMap), message);
      const path = file(JSON.stringify(value), "wrong.json");
      refused(() => readMappedPanel(file(csv), path), /wrong\.json: /);
    });
  }

  const latin = Buffer.from(csv.replace("2,2003", "José,2003"), "latin1");
  const bad: [what: string, contents: string | Uint8Array, message: RegExp][] = [
    [
      "two rows of one person and year",
      `${csv}1,2000,22,work,1980,F,1\n`,
      /panel\.csv:6: person 1 has a second row for 2000, the first at .*panel\.csv:2 /,
    ],
    [
      "a birth year after the first year",
      csv.replace("1981", "2002"),
      /panel\.csv:4: person 2 is born in 2002, after the first year, 2001 \(column "born"\)/,
    ],
    [
      "an absent column",
      csv.replace(",w\n", ",x\n"),
      /panel\.csv:1: there is no column "w" \(the columns are id, wave/,
    ],
    ["a code that no vintage has", csv.replace("275", "9999"), /panel\.csv:2: .*9999.*\(column "occ"\)/],
    [
      "a code that is no number",
      csv.replace("275", "cook"),
      /panel\.csv:2: occupation "cook" is not a code \(column "occ"\)/,
    ],
    [
      "a year that is no number",
      csv.replace("2003", "20x3"),
      /panel\.csv:5: year 20x3 is not a number \(column "wave"\)/,
    ],
    [
      "a state without wording",
      csv.replace("none", "sick"),
      /panel\.csv:4: the map has no wording of the state "sick" \(column "status"\)/,
    ],
    [
      "a negative weight",
      csv.replace("2.5", "-1"),
      /panel\.csv:2: weight -1 is not a number from 0 to 1000000000000000 \(column "w"\)/,
    ],
    [
      "a weight whose sums overflow",
      csv.replace("2.5", "1e308"),
      /panel\.csv:2: weight 1e308 is not a number from 0 to 1000000000000000 \(column "w"\)/,
    ],
    [
      "Latin-1 text",
      latin,
      /panel\.csv:5: the text is not UTF-8\. Save the file as UTF-8, or name its encoding/,
    ],
    [
      "mostly codes of another vintage",
      "id,wave,occ,status,born,sex,w\n1,2000,4720,work,1980,F,1\n",
      /is no occupation|there is no code 4720/,
    ],
  ];
  for (const [what, contents, message] of bad) {
    it(`refuses a file with ${what}, naming the place`, () => refused(() => read(contents), message));
  }

  it("refuses an age that puts the birth before the years of the text", () => {
    const aged = { ...map, columns: { ...map.columns, birthYear: undefined, age: "born" } };
    const contents = "id,wave,occ,status,born,sex,w\n1,1001,275,work,30,F,1\n";
    refused(
      () => read(contents, aged),
      /panel\.csv:2: age 30 in 1001: birthYear 971 is not a year of four digits/,
    );
  });

  it("reads mixed line ends, a byte-order mark and Latin-1 that it names as it reads the plain file", () => {
    const plain = read(csv).careers;
    const mixed = [header, ...rows].map((line, i) => line + ["\r\n", "\n", "\r"][i % 3]).join("");
    assert.deepEqual(read(`\ufeff${mixed}`).careers, plain);
    const named = read(latin, { ...map, encoding: "latin1" }).careers;
    assert.equal(named[2].person, "José");
    refused(
      () => readMappedPanel(file(gzipSync(csv).subarray(0, 90), "cut.csv.gz"), map),
      /cut\.csv\.gz: the gzip file is cut short/,
    );
    refused(
      () => read(csv.replaceAll(/,(275|435\.0),/g, ",4720,"), map, { unknownOccupation: "drop" }),
      /2 of 3 codes in the column "occ" are no occupations of occ1990dd\. Check the vintage/,
    );
  });

  it("gives, for any bytes and any mutation of a file, an account that adds up or a clear error", () => {
    const others = rows.map((row) => row.replace(/^./, (id) => String(Number(id) + 2)));
    const base = Buffer.from([header, ...rows, ...others, ""].join("\n"));
    const pieces = [
      "\n",
      ",",
      '"',
      "\r",
      "NA",
      "2001",
      "-4",
      "\u0000",
      "é",
      "\ufeff",
      ",,",
      "275",
      "none",
    ].map((s) => Buffer.from(s));
    const edit = fc.tuple(fc.nat(), fc.nat({ max: 4 }), fc.constantFrom(...pieces, Buffer.from([0xe9])));
    const mutated = fc.array(edit, { maxLength: 3 }).map((edits) => {
      let bytes = base;
      for (const [at, cut, piece] of edits) {
        const i = at % bytes.length;
        bytes = Buffer.concat([bytes.subarray(0, i), piece, bytes.subarray(i + cut)]);
      }
      return bytes;
    });
    const rules = fc.record<MappedPanelOptions>({
      stateWithOccupation: fc.constantFrom("error", "state", "occupation", "drop"),
      unknownOccupation: fc.constantFrom("error", "drop"),
      states: fc.constantFrom("keep", "drop"),
    });
    const anyBytes = fc.uint8Array({ maxLength: 80 });
    let panels = 0;
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: mutated }, { weight: 1, arbitrary: anyBytes }),
        rules,
        fc.boolean(),
        (bytes, options, packed) => {
          try {
            const path = file(packed ? gzipSync(bytes) : bytes, packed ? "fuzz.csv.gz" : "fuzz.csv");
            const { careers, rows: account, titles } = readMappedPanel(path, map, options);
            for (const career of careers) validateCareer(career, titles);
            const used = careers.reduce((n, { observations }) => n + observations.length, 0);
            assert.equal(account?.used, used);
            const lines = new TextDecoder()
              .decode(bytes)
              .split(/\r\n|\r|\n/)
              .filter((line) => line !== "");
            // Without quotes, a row is a line that is not empty.
            if (!Buffer.from(bytes).includes('"')) assert.equal(account?.read, lines.length - 1);
            panels++;
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
          }
        },
      ),
      { numRuns: 1500 },
    );
    assert.ok(panels > 100, `only ${panels} files gave a panel`);
  });
});
