import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { CareerPanel } from "labor-llm/dist/careers/panel";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { readPsid } from "labor-llm/dist/surveys/psid";
import { Column } from "labor-llm/dist/surveys/psid/column";
import type { PsidOptions } from "labor-llm/dist/surveys/psid/read-psid";
import { readPsidTable } from "labor-llm/dist/surveys/psid/table";
import { type Concept, readPsidVariables } from "labor-llm/dist/surveys/psid/variables";
import { withScratchFolder } from "../../support/scratch";
import { sharedFile } from "../../support/shared";

const variables = readPsidVariables();

/** Reads a csv export of one person, given as concept and year. */
function readPerson(cells: Record<string, number>, options: PsidOptions = {}): CareerPanel {
  const person = { "interview_1968 0": 12, "person_number 0": 3, ...cells };
  const names = Object.keys(person).map((key) => {
    const [concept, year] = key.split(" ");
    const name = variables.of(concept as Concept, Number(year));
    assert.ok(name, key);
    return name;
  });
  return withScratchFolder((folder) => {
    const path = join(folder, "J1_SYNTHETIC.csv");
    writeFileSync(path, `${names.join(",")}\n${Object.values(person).join(",")}\n`);
    return readPsid(path, { missingVariables: "accept", ...options });
  });
}

const key = (year: number, cells: Record<string, number>) =>
  Object.fromEntries(Object.entries(cells).map(([concept, value]) => [`${concept} ${year}`, value]));

/** A wave in which a person is reference person or spouse. */
function wave(year: number, status: number, occupation: number, more: Record<string, number> = {}) {
  const kind = year < 1981 ? "1970_retrospective" : year < 2003 ? "1970" : year < 2017 ? "2000" : "2010";
  const statusOf = (role: string) => (year >= 1997 ? `${role}_status_first_mention` : `${role}_status`);
  const spouse =
    variables.of(statusOf("spouse") as Concept, year) === undefined ? {} : { [statusOf("spouse")]: 0 };
  return key(year, {
    ...(year > 1968 ? { sequence: 1 } : {}),
    relation: year < 1983 ? 1 : 10,
    [statusOf("reference")]: status,
    [`reference_occupation_${kind}`]: occupation,
    [`spouse_occupation_${kind}`]: 0,
    ...spouse,
    ...more,
  });
}

const titlesOf = (panel: CareerPanel) =>
  panel.careers.flatMap((c) => c.observations.map(({ title }) => title));
const accountants = 1; // Census 1970
const reasonsOf = (panel: CareerPanel) => panel.rows?.dropped.map(({ reason, rows }) => `${rows} ${reason}`);

describe("the rules of PSID person-years", () => {
  it("reads the codes of employment status as they were until 1975 and since", () => {
    const kept = { ...wave(1990, 3, 0) };
    const cases: [year: number, status: number, title: string | undefined][] = [
      [1975, 1, "Accountants and auditors"],
      [1975, 2, "Unemployed"],
      [1975, 3, "Not in labor force"],
      [1975, 4, "Not in labor force"],
      [1975, 5, "In education"],
      [1975, 6, undefined],
      [1976, 1, "Accountants and auditors"],
      [1976, 2, "Accountants and auditors"],
      [1976, 3, "Unemployed"],
      [1976, 4, "Not in labor force"],
      [1976, 5, "Not in labor force"],
      [1976, 6, "Not in labor force"],
      [1976, 7, "In education"],
      [1976, 8, undefined],
      [1976, 9, "Accountants and auditors"],
    ];
    for (const [year, status, title] of cases) {
      const panel = readPerson({ ...wave(year, status, accountants), ...kept });
      assert.deepEqual(
        titlesOf(panel),
        title === undefined ? ["Unemployed"] : [title, "Unemployed"],
        `${year} ${status}`,
      );
    }
  });

  it("takes the last job of those out of work for no occupation from 2003", () => {
    const panel = readPerson({
      ...wave(2003, 3, 80),
      ...wave(2005, 9, 80),
      ...wave(2007, 1, 80),
      ...wave(2017, 1, 800),
    });
    assert.deepEqual(titlesOf(panel), ["Unemployed", "Accountants and auditors", "Accountants and auditors"]);
    assert.deepEqual(reasonsOf(panel), ["1 with no known employment status or job"]);
  });

  it("names the codes of no occupation and the vintage in the account", () => {
    const panel = readPerson({
      ...wave(1985, 1, 998),
      ...wave(1986, 1, 998),
      ...wave(1987, 1, 997),
      ...wave(1988, 3, 0),
    });
    assert.deepEqual(titlesOf(panel), ["Unemployed"]);
    assert.deepEqual(reasonsOf(panel), ["3 with a code of no occupation in census-1970 (998, 997)"]);
  });

  it("drops persons born after their first person-year, with a reason", () => {
    const born = (year: number) => () =>
      readPerson({ ...wave(1985, 3, 0), ...wave(1986, 3, 0), "birth_year 1986": year });
    assert.throws(born(1990), /no person-year is left: 2 of persons born after their first person-year/);
    assert.equal(born(1960)().careers[0].covariates.birthYear, 1960);
  });

  it("takes the birth year from the age where no wave tells it by default otherwise", () => {
    const person = { ...wave(1970, 2, 0), "age 1970": 30 };
    assert.equal(readPerson(person).careers[0].covariates.birthYear, 1940);
    assert.equal(readPerson(person, { birthYearFromAge: false }).careers[0].covariates.birthYear, undefined);
    assert.equal(readPerson({ ...person, "birth_year 1983": 1941 }).careers[0].covariates.birthYear, 1941);
  });

  it("carries schooling forward as the highest told, and back only to adults", () => {
    const person = {
      ...wave(1970, 2, 0, { age: 20 }),
      ...wave(1975, 3, 0, { schooling: 0 }),
      ...wave(1976, 3, 0, { schooling: 16 }),
      ...wave(1977, 3, 0, { schooling: 12 }),
      ...wave(1978, 3, 0, { schooling: 99 }),
    };
    const levels = (options?: PsidOptions) =>
      readPerson(person, options).careers[0].observations.map(({ education }) => education);
    assert.deepEqual(levels(), [undefined, "college", "college", "college", "college"]);
    assert.deepEqual(levels({ schooling: "latest" }), [
      undefined,
      "college",
      "college",
      "high school",
      "high school",
    ]);
    assert.deepEqual(levels({ schoolingBeforeFrom: Number.POSITIVE_INFINITY }).slice(0, 3), [
      undefined,
      undefined,
      "college",
    ]);
  });

  it("follows spouses and partners, not first-year cohabitors by default otherwise", () => {
    const spouse = (relation: number) => ({
      ...wave(1985, 3, 0),
      ...wave(1986, 1, accountants, { relation, spouse_status: 6 }),
    });
    assert.deepEqual(titlesOf(readPerson(spouse(20))), ["Unemployed", "Not in labor force"]);
    assert.deepEqual(titlesOf(readPerson(spouse(22))), ["Unemployed", "Not in labor force"]);
    assert.deepEqual(titlesOf(readPerson(spouse(88))), ["Unemployed"]);
    const heads = readPerson(spouse(20), { who: "reference persons" });
    assert.deepEqual(titlesOf(heads), ["Unemployed"]);
    assert.deepEqual(reasonsOf(heads), ["1 spouses, who are not followed"]);
  });

  it("leaves out those who are away, each for its reason", () => {
    const away = [0, 51, 71, 81].flatMap((sequence, i) => Object.entries(wave(1986 + i, 3, 0, { sequence })));
    const panel = readPerson({ ...wave(1985, 3, 0), ...Object.fromEntries(away) });
    assert.deepEqual(reasonsOf(panel), [
      "1 died before the interview",
      "1 in an institution",
      "1 in no family interviewed in the wave",
      "1 moved out, with no interview",
    ]);
    assert.equal(panel.rows?.read, 5);
  });

  it("lets each employment status be something else", () => {
    const statuses = { "temporarily laid off": "Unemployed", retired: "drop" } as const;
    const panel = readPerson({ ...wave(1985, 2, accountants), ...wave(1986, 4, 0) }, { statuses });
    assert.deepEqual(titlesOf(panel), ["Unemployed"]);
  });

  it("accounts for the waves that lack something essential, and narrows them to the years asked for", () => {
    const { "sequence 1986": _, ...partial } = wave(1986, 3, 0);
    const panel = readPerson({ ...wave(1985, 3, 0), ...partial });
    assert.deepEqual(reasonsOf(panel), ["1 of wave 1986, which lacks ER30499 (who is in the family)"]);
    assert.deepEqual(reasonsOf(readPerson({ ...wave(1985, 3, 0), ...partial }, { years: [1968, 1985] })), []);
  });
});

describe("a column of numbers", () => {
  it("gives back what was put in, whatever it must widen to", () => {
    const number = fc.oneof(
      fc.integer({ min: -200, max: 200 }),
      fc.integer(),
      fc.constantFrom(Number.NaN, -128, -32_768, -2_147_483_648, 0.5, 1e12),
    );
    fc.assert(
      fc.property(fc.array(number, { maxLength: 3000 }), (numbers) => {
        const column = new Column();
        for (const value of numbers) column.push(value);
        assert.deepEqual(
          numbers.map((_, row) => column.at(row)),
          numbers,
        );
      }),
      { seed: 3 },
    );
  });
});

describe("the real files of the PSID Data Center", () => {
  it("have the layout, labels and values that the reader finds", function () {
    const statements = sharedFile("samples", "psid", "J342279.do");
    if (statements === undefined) this.skip();
    const csv = readFileSync(join(statements, "..", "J342279_columns.csv"), "utf8")
      .trim()
      .split("\n")
      .slice(1);
    const records = readFileSync(join(statements, "..", "J342279.SYNTHETIC.txt"), "latin1").split("\r\n");
    withScratchFolder((folder) => {
      const text = readFileSync(statements, "utf8").replace(/(N_OF_OBSERVATIONS:) \d+/, "$1 3");
      writeFileSync(join(folder, "J342279.do"), text);
      writeFileSync(join(folder, "J342279.txt"), records.join("\r\n"));
      const table = readPsidTable(folder);
      assert.equal(table.columns.size, csv.length);
      for (const line of csv) {
        const [variable, start, end, label] = line.split(",");
        const cells = records
          .slice(0, 3)
          .map((record) => record.slice(Number(start) - 1, Number(end)).trim());
        assert.deepEqual(
          [0, 1, 2].map((row) => table.columns.get(variable)?.at(row)),
          cells.map((cell) => (cell === "" ? Number.NaN : Number(cell))),
        );
        assert.equal(table.labels.get(variable), label.trim().replace(/\s+/g, " "));
      }
    });
  });

  it("are indexed as the table of variables says", function () {
    const reference = sharedFile("reference", "psid_key_vars_by_wave.csv");
    if (reference === undefined) this.skip();
    const known = new Set(
      readFileSync(dataFile("variables", "psid.csv"), "utf8")
        .split("\n")
        .map((line) => line.split(",").slice(1, 3).join(",")),
    );
    for (const line of readFileSync(reference, "utf8").trim().split("\n").slice(1)) {
      const [concept, year, variable] = line.split(",");
      if (concept !== "head_age2" && concept !== "ind_age") assert.ok(known.has(`${year},${variable}`), line);
    }
  });
});
