import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { validateCareer } from "labor-llm/dist/careers/validate";
import { UserError } from "labor-llm/dist/errors";
import { rowsWriter } from "labor-llm/dist/files/rows-writer";
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

  it("words education as of each year from dates and enrolment; a degree without a date is assumed where asked for", () => {
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
    const levels = (undatedDegree?: "assume") => {
      const { careers, rows: account } = read(lines.join("\r\n"), dated, { undatedDegree });
      return [
        careers.map(({ observations }) => observations.map(({ education }) => education)),
        account?.notes[1],
      ];
    };
    const [low, high] = ["less than high school", "high school"];
    const others = [[undefined, "some college"], [low]];
    const first = [low, high, "some college", "some college", "college"];
    assert.deepEqual(levels(), [
      [first, [low, low, low], ...others],
      { count: 1, what: "persons whose final degree has no date: it is not told" },
    ]);
    assert.deepEqual(levels("assume"), [
      [first, [low, high, high], ...others],
      { count: 1, what: "persons whose final degree has no date: it is assumed from a usual age on" },
    ]);
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

  const longHead = "person,year,title,education,gender,ethnicity,region,birth_year,weight";
  const longRow = (person: string, year: string, cells: Record<string, string> = {}) =>
    [
      person,
      year,
      ...["title", "education", "gender", "ethnicity", "region", "birth_year", "weight"].map(
        (name) => cells[name] ?? (name === "title" ? "Cooks" : ""),
      ),
    ].join(",");
  const readLong = (lines: string[], name = "long.csv") => {
    const path = file([longHead, ...lines, ""].join("\n"), name);
    return readMappedPanel(path);
  };
  const noted = (panel: ReturnType<typeof readMappedPanel>, what: RegExp) =>
    panel.rows!.notes.filter((note) => what.test(note.what)).map(({ count }) => count);

  it("takes what looks the same for the same: titles, persons, columns, and the map's own words", () => {
    const forms = ["Ma\u00eetre", "Mai\u0302tre", "Ma\u00eetre\u00a0", " Ma\u00ee\u00adtre\u200b"];
    const panel = readLong(
      forms.map((title, i) => longRow(i % 2 ? "Jose\u0301" : "Jos\u00e9 ", `${2000 + i}`, { title })),
    );
    assert.deepEqual(panel.titles.titles, ["Ma\u00eetre"]);
    assert.equal(panel.careers.length, 1);
    assert.equal(panel.careers[0].person, "Jos\u00e9");
    assert.deepEqual(noted(panel, /one form of text/), [3 + 4]);
    const plain = readLong([longRow("1", "2000")]);
    assert.deepEqual(noted(plain, /one form of text/), []);
    const mapped = read("id\u00a0,wave,me\u0301tier,pays\n1,2000,Ma\u00eetre,Que\u0301bec\n", {
      columns: {
        person: "id",
        year: "wave",
        occupation: { column: "m\u00e9tier", words: { "Mai\u0302tre": "Head  waiter" } },
        region: "pays",
      },
      rules: { drop: [{ where: { pays: ["Qu\u00e9bec "] }, because: "of Qu\u00e9bec" }] },
    });
    assert.deepEqual(mapped.rows?.toJSON().dropped, [{ reason: "of Qu\u00e9bec", rows: 1 }]);
    refused(
      () =>
        read("id,wave,e\u0301,\u00e9\n1,2000,x,y\n", {
          columns: { person: "id", year: "wave", occupation: "\u00e9" },
        }),
      /panel\.csv:1: two columns are called "\u00e9"/,
    );
  });

  it("takes the words that programs write for a missing value as missing, and counts them", () => {
    for (const word of [
      "NA",
      "NaN",
      "nan",
      "NULL",
      "<NA>",
      "N/A",
      "#N/A",
      ".",
      ".a",
      ".z",
      "NaT",
      "NA_character_",
      "-",
    ]) {
      const cells = Object.fromEntries(
        longHead
          .split(",")
          .slice(3)
          .map((name) => [name, word]),
      );
      const panel = readLong([longRow("1", "2000", cells), longRow("1", "2001")]);
      assert.deepEqual(panel.careers[0].covariates, {}, word);
      assert.deepEqual(panel.careers[0].observations[0], { year: 2000, title: "Cooks" }, word);
      assert.deepEqual(noted(panel, /cells ".*" of the column "region" are taken as missing/), [1], word);
      refused(() => readLong([longRow("1", "2000", { title: word })]), /:2: the title is missing \("/);
    }
  });

  it("keeps None where it may be a value, says so, and lets a map decide", () => {
    const lines = [longRow("1", "2000", { education: "None", gender: "None", weight: "None", region: "NA" })];
    const panel = readLong(lines);
    assert.deepEqual(panel.careers[0], {
      person: "1",
      covariates: {},
      observations: [{ year: 2000, title: "Cooks", education: "None" }],
    });
    assert.deepEqual(noted(panel, /"None" of the column "education" are taken as text/), [1]);
    const path = file([longHead, ...lines, ""].join("\n"), "told.csv");
    const told = (one: Partial<PanelMap>, region: PanelMap["columns"]["region"]) =>
      readMappedPanel(path, {
        ...one,
        columns: { person: "person", year: "year", occupation: "title", education: "education", region },
      });
    const worded = told({}, { column: "region", words: { NA: "north america" } });
    assert.deepEqual(worded.careers[0].covariates, { region: "north america" });
    assert.deepEqual(noted(worded, /taken as missing/), []);
    const listed = told({ missing: ["None"] }, "region");
    assert.deepEqual(listed.careers[0].covariates, { region: "NA" });
    assert.equal(listed.careers[0].observations[0].education, undefined);
    assert.deepEqual(noted(listed, /taken as/), []);
  });

  it("reads whole numbers in whatever form programs write them, wherever a number is read", () => {
    const plain = ["1,2000,275,work,1980,F,2.5", "2,2001,,none,1981,M,", "2,2003,22,work,,M,1"];
    const forms = ["1,2e3,2.75e2,work,1.98E3,F,2.5", "2,2001.0,,none, 1981,M,", "2,+2003,22.0,work,,M,1e0"];
    assert.deepEqual(
      read([header, ...forms].join("\n")).careers,
      read([header, ...plain].join("\n")).careers,
    );
    const sex = { column: "sex", words: { "1": "male", "2": "female" } };
    const coded = read("id,wave,sex,age\n1,2000,1.0,2e1\n2,2000,2,20\n3,2000,-9.0,19\n", {
      columns: {
        person: "id",
        year: "wave",
        occupation: "id",
        gender: { ...sex, missing: ["-9"] },
        age: "age",
      },
      rules: { drop: [{ where: { age: ["19"] }, because: "of 19" }] },
    });
    assert.deepEqual(
      coded.careers.map(({ covariates }) => covariates),
      [
        { gender: "male", birthYear: 1980 },
        { gender: "female", birthYear: 1980 },
      ],
    );
    assert.equal(coded.rows?.read, 3);
    refused(
      () => read(csv.replace("2003", '"2,003"')),
      /year 2,003 is not a number \(it has a comma as a thousands/,
    );
    refused(() => read(csv.replace("2.5", '"1,73"')), /weight 1,73 is not .* \(it has a decimal comma\)/);
  });

  it("is read from semicolons with decimal commas, tabs, and files with endings in capitals", () => {
    const plain = read(csv).careers;
    const semicolons = csv.replaceAll(",", ";").replace("2.5", "2,5");
    const path = file(semicolons, "EXCEL.CSV");
    writeFileSync(join(folder, "Excel.Map.JSON"), JSON.stringify(map));
    assert.deepEqual(readSurvey(path).careers, plain);
    for (const name of ["tabs.tsv", "tabs.TAB", "tabs.Txt", "tabs.TXT.GZ"]) {
      const text = csv.replaceAll(",", "\t");
      writeFileSync(join(folder, "tabs.map.json"), JSON.stringify(map));
      assert.deepEqual(
        readSurvey(file(/gz$/i.test(name) ? gzipSync(text) : text, name)).careers,
        plain,
        name,
      );
    }
  });

  it("is read from Parquet whatever capitals its ending has, packed or not, in one form of text", () => {
    const path = join(folder, "table.PARQUET");
    const table = rowsWriter(path, { person: "text", year: "integer", title: "text" });
    table.write({ person: ["1", "1"], year: [2000, 2001], title: ["Ma\u00eetre", "Mai\u0302tre\u00a0"] });
    table.commit();
    const packed = file(gzipSync(readFileSync(path)), "table.parquet.Gz");
    for (const one of [path, packed]) {
      const panel = readSurvey(one);
      assert.deepEqual(panel.titles.titles, ["Ma\u00eetre"]);
      assert.deepEqual(noted(panel, /one form of text/), [1]);
    }
  });

  it("never quotes more of a file than a line can hold", () => {
    const names = Array.from({ length: 1500 }, (_, i) => `EMP_STATUS_${i}_XRND`);
    const long = "x".repeat(9000);
    const wide = (extra: string) =>
      [[...names, extra].join(","), `${names.map(() => "1").join(",")},1`].join("\n");
    const cases: [contents: string, message: RegExp][] = [
      [wide("persons"), /there is no column "person" \(of the 1501 columns the nearest are persons\)/],
      [wide("q"), /the columns are EMP_STATUS_0_XRND, .* and 1,493 more/],
      [`${longHead}\n1,${long},Cooks,,,,,,\n`, /year x+… is not a number/],
      [`${longHead}\n1,2000,Cooks,,${long},,,,\n`, /gender "x+…" is none of/],
      [`${longHead}\n1,2000,Co\u001b[31moks,,,,,,\n`, /title "Co\\u001b\[31moks"/],
      [`${long},${long}\n1,2\n`, /two columns are called "x+…"/],
    ];
    const keys = Object.fromEntries(names.map((name) => [`${name}\u001b\n`, "x"]));
    assert.throws(
      () => read(csv, { ...map, ...keys } as PanelMap),
      (error) => (error as Error).message.length < 400 && !/\p{Cc}/u.test((error as Error).message),
    );
    for (const [contents, message] of cases) {
      refused(() => readMappedPanel(file(contents, "wide.csv")), message);
      assert.throws(
        () => readMappedPanel(file(contents, "wide.csv")),
        (error) => (error as Error).message.length < 600,
      );
    }
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
