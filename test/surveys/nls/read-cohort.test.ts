import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { validateCareer } from "labor-llm/dist/careers/validate";
import { UserError } from "labor-llm/dist/errors";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { readNlsy79, readNlsy97 } from "labor-llm/dist/surveys/nls";
import { readInvestigatorTable } from "labor-llm/dist/surveys/nls/investigator-table";
import type { NlsPanel } from "labor-llm/dist/surveys/nls/read-cohort";
import { type SyntheticDownload, syntheticDownload } from "labor-llm/dist/surveys/nls/synthetic-download";
import { writeDownloadFiles, writeDownloadZip } from "labor-llm/dist/surveys/nls/synthetic-files";
import { surveyVariables } from "labor-llm/dist/surveys/nls/variables";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { writeNlsCsv } from "../../support/nls-file";
import { withScratchFolder } from "../../support/scratch";
import { sharedFile } from "../../support/shared";

const readers = { nlsy79: readNlsy79, nlsy97: readNlsy97 };
const surveys = ["nlsy79", "nlsy97"] as const;

/** What the account of a synthetic download must say. */
function accountOf({ survey, persons }: SyntheticDownload): Record<string, number> {
  const all = persons.flatMap((person) => person.rounds);
  const isSilent = ({ year }: { year: number }) => survey === "nlsy79" && year === 2014;
  const silent = all.filter((round) => isSilent(round) && round.interviewed).length;
  const rounds = all.filter((round) => !(isSilent(round) && round.interviewed));
  const missed = rounds.filter(({ interviewed }) => !interviewed).length;
  const uncoded = rounds.filter(({ interviewed, state }) => interviewed && state === "uncoded").length;
  return {
    used: rounds.length - missed - uncoded,
    "not interviewed in the round": missed,
    "at work, but no occupation on record": uncoded,
    ...(silent > 0 ? { "in a round in which nobody's labor force status is on record": silent } : {}),
  };
}

function toldBy({ rows }: NlsPanel): Record<string, number> {
  return { used: rows.used, ...Object.fromEntries(rows.dropped.map(({ reason, rows: n }) => [reason, n])) };
}

describe("the NLSY79 and NLSY97 as NLS Investigator hands them out", () => {
  it("give back the careers from which a synthetic download was made, and account for every round", () => {
    for (const survey of surveys) {
      const download = syntheticDownload(survey, { persons: 120, seed: 7 });
      withScratchFolder((folder) => {
        const path = join(folder, "download.zip");
        writeDownloadZip(path, download, { lineEnd: "\r\n" });
        const panel = readers[survey](path);
        assert.deepEqual(panel.careers, download.careers);
        assert.deepEqual(toldBy(panel), accountOf(download));
        const all = { nlsy79: 12_686, nlsy97: 8_984 }[survey];
        assert.deepEqual(panel.losses, [`persons: the file has 120 of the ${all} of the ${panel.surveyTag}`]);
        assert.equal(panel.name, survey);
        assert.equal(panel.surveyTag, survey.toUpperCase());
        assert.equal(panel.titles.size, 335);
        for (const career of panel.careers) validateCareer(career, panel.titles);
      });
    }
  });

  it("give the same careers by the main job's codes of 1980, by the status in the survey week, and by grades", () => {
    const download = syntheticDownload("nlsy79", { persons: 60, seed: 8 });
    withScratchFolder((folder) => {
      const [path] = writeDownloadFiles(folder, download, [".csv"]);
      const options = [
        { mainJobCodes: "census-1980" },
        { education: "grade" },
        { job: "most-weeks" },
        { year: "interview" },
        { status: "round" },
      ] as const;
      for (const option of options)
        assert.deepEqual(readNlsy79(path, option).careers, download.careers, JSON.stringify(option));
    });
  });

  it("have a tagset that lists the variables of the table, each once", () => {
    for (const survey of surveys) {
      const references = surveyVariables(survey).map(({ reference }) => reference);
      assert.equal(new Set(references).size, references.length);
      const tagset = readFileSync(dataFile("tagsets", `${survey}.${survey.toUpperCase()}`), "utf8");
      assert.deepEqual(tagset.split("\n"), [...references.sort(), ""]);
    }
  });

  it("tell a download of the other survey, and name what an essential variable would have given", () => {
    const download = syntheticDownload("nlsy79", { persons: 3, seed: 1 });
    withScratchFolder((folder) => {
      const [path] = writeDownloadFiles(folder, download, [".csv"]);
      assert.throws(
        () => readNlsy97(path),
        /: a download of the NLSY79, not of the NLSY97\. Read it as NLSY79\./,
      );
      const sexes = writeNlsCsv(folder, { R0214800: [1], R0046400: [1] });
      assert.throws(
        () => readNlsy79(sexes),
        /made\.csv: the variable R0000100 CASEID 1979 is missing: without it no person can be told/,
      );
      const jobless = writeNlsCsv(folder, { R0000100: [1], R0214800: [1], R0216400: [1] });
      assert.throws(
        () => readNlsy79(jobless),
        /none of the 159 occupation variables is there \(R0046400 .*without them no year has a job\. Upload data\/tagsets\/nlsy79\.NLSY79/,
      );
    });
  });

  it("list what other missing variables cost, and still count every round that has occupations", () => {
    const download = syntheticDownload("nlsy97", { persons: 20, seed: 2 });
    const keep = download.variables.map(({ concept, year }) => concept !== "region" && year !== 2001);
    const fewer = {
      ...download,
      variables: download.variables.filter((_, i) => keep[i]),
      columns: download.columns.filter((_, i) => keep[i]),
    };
    withScratchFolder((folder) => {
      const [path] = writeDownloadFiles(folder, fewer, [".csv"]);
      const panel = readNlsy97(path);
      assert.equal(panel.rows.read, 20 * 18);
      assert.match(
        panel.losses.join("\n"),
        /region: 19 of 19 variables missing \(R1200300 CV_CENSUS_REGION 1997/,
      );
      assert.match(
        panel.losses.join("\n"),
        /occupation: 7 of 133 variables missing .*no occupation of these jobs/,
      );
      assert.equal(panel.losses.at(-1), "rounds left out for want of any occupation: 2001");
      for (const { covariates, observations } of panel.careers) {
        assert.equal(covariates.region, undefined);
        assert(observations.every(({ year }) => year !== 2001));
      }
    });
  });

  it("refuse a person who stands twice, has no identifier, or is born after the first observation", () => {
    const cases: [Record<string, number[]>, RegExp][] = [
      [{ R0000100: [5, 5], R0046400: [1, 1] }, /made\.csv:3: person 5 stands twice/],
      [{ R0000100: [5, -4], R0046400: [1, 1] }, /made\.csv:3: -4 is no person's identifier/],
      [
        { R0000100: [5], R0000500: [85], R0046400: [1] },
        /made\.csv:2: person 5, born 1985, is first seen in 1979/,
      ],
    ];
    for (const [columns, message] of cases) {
      withScratchFolder((folder) =>
        assert.throws(() => readNlsy79(writeNlsCsv(folder, columns), { withoutStatus: "job" }), message),
      );
    }
  });

  it("are read from files as NLS Investigator and its users made them", function () {
    const zip = sharedFile("samples", "nlsy97", "NLSY97_Responsibility_Personality.zip");
    const wide = sharedFile("samples", "nlsy79", "full_investigator_1833cols.head5.csv");
    if (zip === undefined || wide === undefined) return this.skip();
    const table = readInvestigatorTable(zip, ["R00001.00", "R0536300"]);
    assert.equal(table.rows, 8984);
    assert.equal(table.survey, "NLSY97");
    assert.equal(table.labelsOf("R0536300").get(2), "Female");
    assert.throws(() => readNlsy97(zip), /none of the 133 occupation variables is there/);
    const panel = readNlsy79(wide);
    // Five persons and 26 rounds.
    assert.equal(panel.rows.read, 130);
    assert.equal(
      panel.rows.used,
      panel.careers.reduce((n, { observations }) => n + observations.length, 0),
    );
    for (const career of panel.careers) validateCareer(career, panel.titles);
  });

  it("leave a round out in which nobody's labor force status is on record, or keep those with a job, and say how many", () => {
    const download = syntheticDownload("nlsy79", { persons: 120, seed: 7 });
    const in2014 = download.persons.flatMap(({ rounds }) =>
      rounds.filter(({ year, interviewed }) => year === 2014 && interviewed),
    );
    assert.ok(in2014.length > 20);
    withScratchFolder((folder) => {
      const [path] = writeDownloadFiles(folder, download, [".csv"]);
      const yearsOf = ({ careers }: NlsPanel) =>
        careers.flatMap(({ observations }) => observations.map(({ year }) => year));
      const noteOf = ({ rows }: NlsPanel) => rows.notes.filter(({ what }) => what.includes("2014"));
      const left = readNlsy79(path);
      assert.ok(!yearsOf(left).includes(2014) && yearsOf(left).includes(2012));
      assert.equal(noteOf(left)[0].count, in2014.length);
      assert.match(
        noteOf(left)[0].what,
        /are left out, .* with a job would make a year in which everybody works/,
      );
      const kept = readNlsy79(path, { withoutStatus: "job" });
      assert.equal(yearsOf(kept).filter((year) => year === 2014).length, in2014.length);
      assert.match(
        noteOf(kept)[0].what,
        new RegExp(`the ${in2014.length} \\(100 %\\) with a job are kept, all of them at work`),
      );
    });
    withScratchFolder((folder) => {
      const path = writeNlsCsv(folder, { R0000100: [1, 2], R0046400: [912, -4] });
      assert.throws(() => readNlsy79(path), {
        name: "UserError",
        message:
          /made\.csv: no labor force status is on record in any round, .*set the rule withoutStatus to job/,
      });
      const { rows, careers } = readNlsy79(path, { withoutStatus: "job" });
      assert.equal(careers.length, 1);
      assert.match(String(rows), /note: 2 interviews of 1979 .*: the 1 \(50 %\) with a job are kept/);
    });
  });

  it("say of how many interviews in other rounds a job alone decides whether they are in", () => {
    const status = surveyVariables("nlsy79").find(
      ({ concept, year }) => concept === "status" && year === 1979,
    )!;
    withScratchFolder((folder) => {
      const columns = { R0000100: [1, 2, 3], R0046400: [912, 912, -4], [status.reference]: [1, -2, -2] };
      const { rows, careers } = readNlsy79(writeNlsCsv(folder, columns));
      assert.deepEqual(
        careers.map(({ person }) => person),
        ["1", "2"],
      );
      assert.deepEqual(rows.notes, [
        {
          count: 2,
          what: "interviews tell no labor force status, though others of their round do: the 1 with a job count as work",
        },
      ]);
      assert.deepEqual(rows.dropped, [{ reason: "no job and no labor force status on record", rows: 1 }]);
    });
  });

  it("word race and ethnicity as their codebooks do, or as told", () => {
    for (const survey of surveys) {
      const download = syntheticDownload(survey, { persons: 60, seed: 9 });
      withScratchFolder((folder) => {
        const [path] = writeDownloadFiles(folder, download, [".csv"]);
        const words = (panel: NlsPanel) =>
          [...new Set(panel.careers.map(({ covariates }) => covariates.ethnicity))].sort();
        const others = survey === "nlsy97" ? ["black", "hispanic", "mixed race"] : ["black", "hispanic"];
        assert.deepEqual(words(readers[survey](path)), [...others, "non-black non-hispanic"]);
        assert.deepEqual(words(readers[survey](path, { otherEthnicity: "white" })), [...others, "white"]);
      });
    }
    assert.ok(
      readNlsyYoungMen().careers.some(({ covariates }) => covariates.ethnicity === "non-black non-hispanic"),
    );
  });

  it("refuse a rule that is not known or has a wrong value", () => {
    const wrong = [{ year: "wave" }, { region: "any" }, { minimumWeeks: 0 }, { works: "status" }];
    for (const options of wrong) {
      assert.throws(() => readNlsy79("nowhere.csv", options as object), UserError);
    }
  });
});
