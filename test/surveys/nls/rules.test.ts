import { strict as assert } from "node:assert";
import type { Observation } from "labor-llm/dist/careers/career";
import { occupationByCode } from "labor-llm/dist/occupations/occupations";
import { specialStates } from "labor-llm/dist/occupations/special-states";
import { readNlsy79, readNlsy97 } from "labor-llm/dist/surveys/nls";
import type { Nlsy79Options } from "labor-llm/dist/surveys/nls/nlsy79";
import type { Nlsy97Options } from "labor-llm/dist/surveys/nls/nlsy97";
import { type SurveyVariable, surveyVariables } from "labor-llm/dist/surveys/nls/variables";
import { writeNlsCsv } from "../../support/nls-file";
import { withScratchFolder } from "../../support/scratch";

const { unemployed, notInLaborForce, inEducation } = specialStates;

type Answers = Record<string, number>;

/** The cells of one person by reference number: answers by "concept year", or "concept year item" for a job. */
function cells(survey: "nlsy79" | "nlsy97", answers: Answers, weeks: Record<number, number[]>) {
  const columns: Record<string, number[]> = {};
  const keyOf = ({ concept, year, item }: SurveyVariable) =>
    [concept, year, concept === "week" ? undefined : item].filter((part) => part !== undefined).join(" ");
  for (const variable of surveyVariables(survey)) {
    const { reference, concept, year } = variable;
    if (concept === "person") columns[reference] = [1];
    else if (concept === "week") {
      const next = year === undefined ? undefined : weeks[year]?.shift();
      if (next !== undefined) columns[reference] = [next];
    } else if (keyOf(variable) in answers) columns[reference] = [answers[keyOf(variable)]];
  }
  return columns;
}

/** Weeks as [code, how many] pairs. */
function weeks(...runs: [code: number, count: number][]): number[] {
  return runs.flatMap(([code, count]) => new Array<number>(count).fill(code));
}

function read79(answers: Answers, weeksOf: Record<number, number[]>, options?: Nlsy79Options) {
  return withScratchFolder((folder) =>
    readNlsy79(writeNlsCsv(folder, cells("nlsy79", answers, weeksOf)), { withoutStatus: "job", ...options }),
  );
}

function read97(answers: Answers, weeksOf: Record<number, number[]>, options?: Nlsy97Options) {
  return withScratchFolder((folder) =>
    readNlsy97(writeNlsCsv(folder, cells("nlsy97", answers, weeksOf)), { withoutStatus: "job", ...options }),
  );
}

function titles({ careers }: { careers: { observations: Observation[] }[] }): string[] {
  return careers.flatMap(({ observations }) => observations.map(({ title }) => title));
}

const cook = (occupationByCode(436) as { title: string }).title; // census-1970 code 912
const military = (occupationByCode(905) as { title: string }).title;

describe("the rules by which rounds of the NLSY become person-years", () => {
  it("let the state of most weeks decide, work before unemployment on a tie", () => {
    const job = { "main_occupation 1985": 912, "grade 1985": 12 };
    const cases: [number[], string][] = [
      [weeks([801, 20], [4, 16], [5, 16]), cook],
      [weeks([801, 26], [4, 26]), cook],
      [weeks([4, 27], [801, 25]), unemployed],
      [weeks([5, 30], [0, 22]), notInLaborForce],
      [weeks([3, 30], [5, 22]), cook],
      [weeks([7, 40], [801, 12]), military],
      [weeks([0, 52]), cook],
    ];
    for (const [array, title] of cases) assert.deepEqual(titles(read79(job, { 1985: array })), [title]);
    const undecided = read79(job, { 1985: weeks([2, 40], [5, 12]) });
    assert.deepEqual(undecided.rows.toJSON().dropped, [
      { reason: "without work, unemployed or out of the labor force not determined", rows: 1 },
    ]);
  });

  it("fall back on the status in the survey week, or prefer it where told", () => {
    const answers = { "status 1985": 2, "main_occupation 1985": 912 };
    assert.deepEqual(titles(read79(answers, {})), [unemployed]);
    assert.deepEqual(titles(read79(answers, { 1985: weeks([5, 52]) })), [notInLaborForce]);
    assert.deepEqual(titles(read79(answers, { 1985: weeks([5, 52]) }, { status: "round" })), [unemployed]);
    assert.deepEqual(titles(read79(answers, { 1985: weeks([5, 3]) }, { minimumWeeks: 4 })), [unemployed]);
    assert.deepEqual(titles(read79(answers, { 1985: weeks([5, 52]) }, { work: "any-job" })), [cook]);
    assert.deepEqual(titles(read79({ "main_occupation 1985": 912 }, {})), [cook]);
    assert.deepEqual(titles(read79({ "main_occupation 1985": -4 }, {})), []);
  });

  it("put persons who are enrolled and do not work in education, or all, or none", () => {
    const answers = { "enrolment 1985": 3, "main_occupation 1985": 912 };
    const [working, idle] = [{ 1985: weeks([801, 52]) }, { 1985: weeks([5, 52]) }];
    const copy = (array: Record<number, number[]>) => ({ 1985: [...array[1985]] });
    const cases = [
      ["unless-working", cook, inEducation],
      ["always", inEducation, inEducation],
      ["never", cook, notInLaborForce],
    ] as const;
    for (const [rule, atWork, atHome] of cases) {
      assert.deepEqual(titles(read79(answers, copy(working), { inEducation: rule })), [atWork]);
      assert.deepEqual(titles(read79(answers, copy(idle), { inEducation: rule })), [atHome]);
    }
  });

  it("take the main job, the first with an occupation, or the job of most weeks, also one of the next round", () => {
    const answers = {
      "main_occupation 1985": 912,
      "is_main 1985 1": 0,
      "is_main 1985 2": 1,
      "occupation 1985 1": 801,
      "occupation 1985 2": -4,
      "occupation 1986 1": 245,
    };
    const farmer = titles(read79({ "occupation 1985 1": 801 }, {}));
    const manager = titles(read79({ "occupation 1986 1": 245 }, {}));
    const read = (runs: [number, number][], changed: Answers, options?: Nlsy79Options) =>
      titles(read79({ ...answers, ...changed }, { 1985: weeks(...runs) }, options)).slice(0, 1);
    const most = { job: "most-weeks" } as const;
    assert.deepEqual(read([[701, 52]], {}), [cook]);
    assert.deepEqual(read([[701, 52]], { "main_occupation 1985": -4 }), farmer);
    assert.deepEqual(
      read(
        [
          [701, 30],
          [702, 22],
        ],
        {},
        most,
      ),
      farmer,
    );
    assert.deepEqual(
      read(
        [
          [701, 22],
          [702, 30],
        ],
        {},
        most,
      ),
      [cook],
    );
    assert.deepEqual(
      read(
        [
          [701, 22],
          [801, 30],
        ],
        {},
        most,
      ),
      manager,
    );
    const none = { "main_occupation 1985": -4, "occupation 1985 1": -4 };
    assert.deepEqual(read([[801, 52]], none), manager);
  });

  it("read the NLSY97's main job at the place in the roster that the survey flags, by the likelier list of codes", () => {
    const code = { "occupation 2003 1": 4020, "occupation 2003 2": 1006, "main_job 2003": 2 };
    const analyst = titles(read97({ "occupation 2003 2": 1006 }, {}));
    assert.equal(analyst.length, 1); // 1006 is of 2010 alone
    assert.deepEqual(titles(read97(code, { 2003: weeks([9702, 52]) })), analyst);
    const other = titles(read97({ ...code, "main_job 2003": 1 }, { 2003: weeks([9702, 52]) }));
    assert.notDeepEqual(other, analyst);
    assert.deepEqual(titles(read97({ ...code, "main_job 2003": -4 }, {})), other);
    const forced = read97(code, {}, { occupationCodes: "census-2002" });
    assert.deepEqual(forced.rows.toJSON().dropped, [
      { reason: "code 1006 of census-2002 is no occupation", rows: 1 },
    ]);
    assert.deepEqual(titles(read97(code, { 2003: weeks([6, 52]) })), [military]);
    assert.deepEqual(titles(read97(code, { 2003: weeks([6, 52]) }, { military: "drop" })), []);
  });

  it("drop a code of no occupation under its own name", () => {
    const panel = read79({ "main_occupation 1985": 999, "main_occupation 1986": 912 }, {});
    const { notes: _, ...account } = panel.rows.toJSON();
    assert.deepEqual(account, {
      unit: "person-rounds",
      read: 2,
      used: 1,
      dropped: [{ reason: "code 999 of census-1970 is no occupation", rows: 1 }],
    });
  });

  it("word education as of the year from degrees and years of schooling reported so far", () => {
    const jobs = { "main_occupation 1985": 912, "main_occupation 1989": 912, "main_occupation 1992": 912 };
    const levels = (answers: Answers, options?: Nlsy79Options) =>
      read79({ ...jobs, ...answers }, {}, options).careers[0].observations.map(({ education }) => education);
    const answers = {
      "grade 1985": 11,
      "grade 1988": 16,
      "grade 1989": -5,
      "grade 1992": 95,
      "degree 1988": 1,
      "degree 1992": 5,
    };
    assert.deepEqual(levels(answers), ["less than high school", "some college", "graduate degree"]);
    assert.deepEqual(levels(answers, { education: "grade" }), [
      "less than high school",
      "college",
      "college",
    ]);
    assert.deepEqual(levels({ "grade 1989": 12 }), [undefined, "high school", "high school"]);
  });

  it("keep the first region or the last, the interview's year where told, and weights with two decimals", () => {
    const answers = {
      "main_occupation 1985": 912,
      "occupation 1994 1": 912,
      "occupation 1996 1": 912,
      "region 1985": -4,
      "region 1986": 3,
      "region 1994": 4,
      "weight 1985": 123_456,
      "interview_year 1994": 95,
      "interview_year 1996": 1995,
    };
    const plain = read79(answers, {}).careers[0];
    assert.equal(plain.covariates.region, "south");
    assert.deepEqual(
      plain.observations.map(({ year, weight }) => [year, weight]),
      [
        [1985, 1234.56],
        [1994, undefined],
        [1996, undefined],
      ],
    );
    const other = read79(answers, {}, { region: "last", year: "interview" });
    assert.equal(other.careers[0].covariates.region, "west");
    assert.deepEqual(
      other.careers[0].observations.map(({ year }) => year),
      [1985, 1995],
    );
    assert.deepEqual(other.rows.toJSON().dropped, [
      { reason: "second interview in one calendar year", rows: 1 },
    ]);
  });
});
