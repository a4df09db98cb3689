import { strict as assert } from "node:assert";
import fc from "fast-check";
import { UserError } from "labor-llm/dist/errors";
import { readCsv } from "labor-llm/dist/files/csv";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { crosswalkCoverage, likeliestVintage } from "labor-llm/dist/occupations/coverage";
import { crosswalk } from "labor-llm/dist/occupations/crosswalk";
import { nonOccupations, type Vintage, vintages } from "labor-llm/dist/occupations/crosswalk-tables";
import { occupationByCode, occupations } from "labor-llm/dist/occupations/occupations";
import { type CodedVariable, vintageOf, vintageRules } from "labor-llm/dist/occupations/vintage-of";

interface Row {
  vintage: Vintage;
  code: number;
  target: number;
  reason: string | undefined;
}

function rowsOf(file: string): Row[] {
  const table = readCsv(dataFile("occupations", file));
  const [vintage, code, target] = ["vintage", "code", "occ1990dd"].map((name) => table.columnOf(name));
  const reason = table.header.indexOf("reason");
  return table.rows.map((row) => ({
    vintage: row[vintage] as Vintage,
    code: Number(row[code]),
    target: Number(row[target]),
    reason: row[reason],
  }));
}

const published = rowsOf("crosswalks.csv");
const added = rowsOf("additions.csv");

describe("the crosswalks to occ1990dd", () => {
  it("have for each code of a vintage one row, whose target is an occupation or a named state", () => {
    const rows = [...published, ...added];
    assert.equal(new Set(rows.map(({ vintage, code }) => `${vintage} ${code}`)).size, rows.length);
    for (const { vintage, code, target } of rows) {
      assert.ok(vintages.includes(vintage));
      assert.notEqual(
        occupationByCode(target) !== undefined,
        nonOccupations.has(target),
        `${vintage} ${code}`,
      );
      assert.equal(crosswalk(vintage).toOccupation(code), occupationByCode(target));
    }
    for (const { vintage, code, target } of published) {
      assert.equal(crosswalk(vintage, { additions: false }).toOccupation(code), occupationByCode(target));
    }
  });

  it("give a reason for every code that is added, and none of them where additions are left out", () => {
    for (const { vintage, code, reason } of added) {
      assert.ok(reason, `${vintage} ${code}`);
      assert.equal(crosswalk(vintage, { additions: false }).toOccupation(code), undefined);
    }
  });

  it("reach every occupation but the double of production helpers, which only the list of 1990 has", () => {
    const reached = (vintage: Vintage) =>
      new Set([...published, ...added].filter((row) => row.vintage === vintage).map(({ target }) => target));
    const all = new Set(vintages.flatMap((vintage) => [...reached(vintage)]));
    assert.deepEqual(
      occupations.filter(({ code }) => !all.has(code)),
      [],
    );
    assert.deepEqual(
      vintages.filter((vintage) => reached(vintage).has(874)),
      ["census-1990"],
    );
    for (const vintage of [
      "census-1980",
      "census-1990",
      "census-2000",
      "census-2005",
      "census-2010",
    ] as const) {
      assert.ok(reached(vintage).has(873));
    }
  });

  it("take the same classification to the same occupation, with three digits or four", () => {
    const [three, four, survey] = (["census-2000", "census-2002", "census-2005"] as const).map((vintage) =>
      crosswalk(vintage),
    );
    for (let code = 0; code < 10_000; code++) {
      const expected = code % 10 === 0 ? three.toOccupation(code / 10) : undefined;
      assert.equal(four.toOccupation(code), expected, String(code));
      if (code < 1000) assert.equal(survey.toOccupation(code), three.toOccupation(code), String(code));
    }
  });

  it("agree on the codes that the lists of 2002 and 2010 share, but for parking enforcement", () => {
    const differing: number[] = [];
    for (let code = 0; code < 10_000; code++) {
      const [a, b] = (["census-2002", "census-2010"] as const).map((v) => crosswalk(v).toOccupation(code));
      if (a !== undefined && b !== undefined && a !== b) differing.push(code);
    }
    assert.deepEqual(differing, [3840]);
  });

  it("leave the codes of occ1990dd as they are", () => {
    for (const occupation of occupations) {
      assert.equal(crosswalk("occ1990dd").toOccupation(occupation.code), occupation);
    }
    assert.equal(crosswalk("occ1990dd").toOccupation(999), undefined);
  });

  it("give the occupation that is asked for, or one line that names vintage and code, whatever is asked", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...vintages),
        fc.oneof(
          fc.integer({ min: -10, max: 12_000 }),
          fc.double(),
          fc.string(),
          fc.string({ unit: "grapheme" }),
        ),
        (vintage, code) => {
          const { toOccupation, require } = crosswalk(vintage);
          try {
            assert.equal(require(code), toOccupation(Number(code)));
          } catch (error) {
            assert.ok(error instanceof UserError, String(error));
            assert.match(error.message, new RegExp(`^${vintage}: [^\n]*$`));
            const digits = typeof code === "number" || /^\s*-?\d+\s*$/.test(code);
            assert.ok(error.message.includes(`code ${digits ? Number(code) : JSON.stringify(code)} `));
            if (digits) assert.equal(toOccupation(Number(code)), undefined);
          }
        },
      ),
    );
  });

  const bad: [what: string, vintage: Vintage, code: number | string, message: string][] = [
    [
      "four digits where the vintage has three",
      "census-2000",
      4760,
      "census-2000: there is no code 4760 among the 510 from 1 to 984; this looks like a four-digit code, and " +
        "census-2000 has three digits. Vintages with four digits are census-2002 and census-2010.",
    ],
    [
      "three digits where it has four",
      "census-2010",
      "476",
      "census-2010: there is no code 476 among the 543 from 0 to 9990; this looks like a three-digit code, and " +
        "census-2010 has four digits. Take census-2000 or another vintage with three digits.",
    ],
    [
      "letters",
      "census-2010",
      "12B",
      'census-2010: the code "12B" is not a whole number. Give codes in digits.',
    ],
    [
      "a missing value",
      "census-2010",
      "-4",
      "census-2010: the code -4 is negative, as surveys mark what is missing",
    ],
    ["a state", "census-2010", 9920, "census-2010: the code 9920 is no occupation: unemployed. Leave"],
    [
      "a code of others",
      "census-1970",
      9,
      "census-1970: there is no code 9 among the 444 from 0 to 991. It is a code of census-1980, census-1990.",
    ],
    [
      "a code of none",
      "census-2010",
      6890,
      "census-2010: there is no code 6890 among the 543 from 0 to 9990. No vintage has it.",
    ],
  ];
  for (const [what, vintage, code, message] of bad) {
    it(`say what is known of ${what}`, () => {
      assert.throws(
        () => crosswalk(vintage).require(code),
        (error) => error instanceof UserError && error.message.startsWith(message),
      );
    });
  }
});

describe("the coverage of a crosswalk", () => {
  it("counts coded person-years, with the codes that are lost, and no missing values", () => {
    assert.deepEqual(crosswalkCoverage([4760, -4, 0, 6890, 4760, 12, 12, 10], "census-2010"), {
      vintage: "census-2010",
      coded: 6,
      mapped: 3,
      share: 0.5,
      unmapped: [
        { code: 12, count: 2 },
        { code: 6890, count: 1 },
      ],
    });
    // In 1960 code 0 is accountants and auditors.
    assert.equal(crosswalkCoverage([0, -1], "census-1960").share, 1);
    assert.equal(crosswalkCoverage([], "census-1960").share, 1);
  });

  it("tells the list that codes are drawn from", () => {
    const among = ["census-2002", "census-2010"] as const;
    for (const vintage of among) {
      const codes = [...published, ...added]
        .filter((row) => row.vintage === (vintage === "census-2002" ? "census-2000" : vintage))
        .map(({ code }) => (vintage === "census-2002" ? code * 10 : code));
      assert.equal(likeliestVintage(codes, among).vintage, vintage);
    }
    assert.equal(likeliestVintage([], among).vintage, "census-2002");
  });
});

describe("the list of codes of a survey's year", () => {
  const cases: [CodedVariable, Vintage | undefined][] = [
    [{ survey: "NLSY79", year: 1979 }, "census-1970"],
    [{ survey: "NLSY79", year: 1985, variable: "CPSOCC80" }, "census-1980"],
    [{ survey: "NLSY79", year: 1985, variable: "CPSOCC70" }, "census-1970"],
    [{ survey: "NLSY79", year: 2000, variable: "CPSOCC80_01" }, "census-1980"],
    [{ survey: "NLSY79", year: 2000 }, "census-1970"],
    [{ survey: "NLSY79", year: 2002, variable: "OCCALL_EMP_01" }, "census-2000"],
    [{ survey: "NLSY79", year: 2004, variable: "OCCALL-EMP.01" }, "census-2002"],
    [{ survey: "NLSY97", year: 2005, variable: "yemp_occode-2002.01" }, "census-2010"],
    [{ survey: "PSID", year: 1968, variable: "V197_A" }, "census-1970"],
    [{ survey: "PSID", year: 2001 }, "census-1970"],
    [{ survey: "PSID", year: 2003 }, "census-2000"],
    [{ survey: "PSID", year: 2015 }, "census-2000"],
    [{ survey: "PSID", year: 2017, variable: "ER66195" }, "census-2010"],
    [{ survey: "PSID", year: 2016 }, undefined],
    [{ survey: "NLSY79", year: 1985, variable: "INDALL-EMP.01" }, undefined],
    [{ survey: "NLSY79", year: 1981, variable: "CPSOCC80" }, undefined],
  ];
  it("follows survey, year and variable; where no rule is known the error tells the rules there are", () => {
    for (const [query, vintage] of cases) {
      if (vintage !== undefined) assert.equal(vintageOf(query), vintage, JSON.stringify(query));
      else {
        const told = new RegExp(
          `^no rule says which occupation codes ${query.survey}.* has in ${query.year}\\. Known are`,
        );
        assert.throws(() => vintageOf(query), { name: "UserError", message: told });
      }
    }
  });

  it("is given by rules that name their source and do not overlap", () => {
    for (const [i, { survey, variable, from, to, source }] of vintageRules.entries()) {
      assert.ok(source && from <= to);
      for (const other of vintageRules.slice(i + 1)) {
        const same = other.survey === survey && String(other.variable) === String(variable);
        assert.ok(!same || other.from > to || other.to < from);
      }
    }
  });
});
