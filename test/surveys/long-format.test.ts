import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "labor-llm/dist/errors";
import { readLongFormat } from "labor-llm/dist/surveys/long-format";
import { readMappedPanel } from "labor-llm/dist/surveys/mapped-panel";
import type { PanelMap } from "labor-llm/dist/surveys/panel-map";
import { readSurvey } from "labor-llm/dist/surveys/read-survey";

describe("a long-format file", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (contents: string | Uint8Array) => {
    const path = join(folder, "careers.csv");
    writeFileSync(path, contents);
    return path;
  };

  it("is read in any order of rows and columns, with missing values left out", () => {
    const panel = readSurvey(
      file(`\ufefftitle,year,person,gender,education,region,birth_year,wage
"Cooks, private household",1986,b,,NA,west,1961,3
Bakers,1990,a,female,college,,,
Cooks,1984,b,male,high school,south,,"1
2"

Cooks,1985,b,male,,,1960,
`),
    );
    assert.equal(panel.name, "careers");
    assert.deepEqual(panel.titles.titles, ["Bakers", "Cooks", "Cooks, private household"]);
    assert.deepEqual(panel.careers, [
      {
        person: "b",
        covariates: { region: "south", gender: "male", birthYear: 1960 }, // each from the earliest year that has it
        observations: [
          { year: 1984, title: "Cooks", education: "high school" },
          { year: 1985, title: "Cooks" },
          { year: 1986, title: "Cooks, private household" },
        ],
      },
      {
        person: "a",
        covariates: { gender: "female" },
        observations: [{ year: 1990, title: "Bakers", education: "college" }],
      },
    ]);
  });

  const head = "person,year,title\na,1984,Cooks\n";
  const bad: [what: string, contents: string | Uint8Array, message: string, map?: PanelMap][] = [
    [
      "a missing column",
      "person,year,job\na,1984,Cooks\n",
      'careers.csv:1: there is no column "title" (the columns are person, year, job). Add the column',
    ],
    [
      "an unknown title",
      `${head}a,1985,Cook\n`,
      'careers.csv:3: "Cook" is none of the 2 titles (column "title"). Check its spelling',
      {
        columns: { person: "person", year: "year", occupation: "title" },
        titles: ["Cooks", "Bakers"],
      },
    ],
    [
      "a duplicate person-year",
      `${head}b,1984,Cooks\na,1984,Bakers\n`,
      'careers.csv:4: person a has a second row for 1984, the first at FOLDER/careers.csv:2 (column "person"). Keep one job per person and year.',
    ],
    [
      "a year that is not a number",
      `${head}a,19x7,Cooks\n`,
      'careers.csv:3: year 19x7 is not a number (column "year"). Fix the row',
    ],
    ["a year with a fraction", `${head}a,1984.5,Cooks\n`, "careers.csv:3: year 1984.5 is not a year of four"],
    ["a missing year", `${head}a,,Cooks\n`, 'careers.csv:3: the year is missing (column "year")'],
    [
      "a missing title",
      `${head}a,1985,NA\n`,
      'careers.csv:3: the title is missing ("NA") (column "title"). Fill it in or',
    ],
    ["a ragged row", `${head}a,1985\n`, "careers.csv:3: the row has 2 cells, the header 3"],
    [
      "a line break in a title",
      `${head}a,1985,"Co\noks"\n`,
      'careers.csv:4: title "Co\\noks" has a line break',
    ],
    [
      "an unknown gender",
      `person,year,title,gender\na,1984,Cooks,F\n`,
      'careers.csv:2: gender "F" is none of',
    ],
    [
      "a quote that is not closed",
      `${head}a,1985,"Cooks\nb,1984,x\n`,
      "careers.csv:3: the double quote that opens here is never closed. Close",
    ],
    ["a quote inside a cell", `${head}a,1985,Co"oks\n`, "careers.csv:3: a double quote stands inside a cell"],
    [
      "a column named twice",
      "person,year,title,year\na,1984,Cooks,1984\n",
      'careers.csv:1: two columns are called "year"',
    ],
    ["a file without rows", "person,year,title\n", "careers.csv: the file has no rows"],
    ["an empty file", "", "careers.csv: the file has no header"],
    [
      "a file that is not UTF-8",
      Buffer.concat([Buffer.from(head), Buffer.from([0x61, 0xe9, 0x0a])]),
      "careers.csv:3: the text is not UTF-8. Save the file as UTF-8, or name its encoding in a column map",
    ],
  ];
  for (const [what, contents, message, map] of bad) {
    it(`with ${what} is refused with its place`, () => {
      const path = file(contents);
      assert.throws(
        () => readMappedPanel(path, map),
        (error) => {
          assert.ok(error instanceof UserError, String(error));
          assert.ok(
            error.message.replace(`${folder}/`, "").replace(folder, "FOLDER").startsWith(message),
            error.message,
          );
          assert.ok(!error.message.includes("\n"));
          return true;
        },
      );
    });
  }

  it("that does not exist, or a survey of no such name, is refused", () => {
    const missing = join(folder, "none.csv");
    assert.throws(() => readLongFormat(missing), {
      name: "UserError",
      message: /none\.csv: no such file/,
    });
    assert.throws(() => readLongFormat(folder), { name: "UserError", message: /a folder, not a file/ });
    assert.throws(() => readSurvey("nlsy"), { name: "UserError", message: /"nlsy".* names: nlsy-young-men/ });
  });
});
