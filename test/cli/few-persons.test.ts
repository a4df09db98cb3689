import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { splitOf } from "labor-llm/dist/experiments/experiment";
import { runCommand } from "../support/command";
import { ownRuns } from "../support/own-runs";

describe("a survey of too few persons on the command line", () => {
  ownRuns();
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-few-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A survey of persons who stay cooks. */
  const surveyOf = (persons: readonly number[]): string => {
    const path = join(folder, `${persons.length}.csv`);
    const rows = persons.flatMap((person) => [`${person},2000,Cook`, `${person},2001,Nurse`]);
    writeFileSync(path, `${["person,year,title", ...rows].join("\n")}\n`);
    return path;
  };

  it("ends in one line and status 2 where nobody is left to test, or to choose on, and leaves nothing", async () => {
    const [one, three] = [surveyOf([1]), surveyOf([1, 2, 3])];
    for (const survey of [one, three]) {
      for (const [model, ...more] of [["markov"], ["empirical", "--json"], ["off-the-shelf"]]) {
        const ran = await runCommand("evaluate", "--model", model, "--survey", survey, ...more);
        assert.deepEqual([ran.status, ran.out], [2, ""], model);
        assert.match(
          ran.err,
          /^[13]: nobody is among the test persons \(.*\)\. Give a survey of more persons[^\n]*\n$/,
        );
      }
    }
    const out = join(folder, "model");
    const ran = await runCommand("fine-tune", "--method", "markov", "--survey", one, "--out", out);
    assert.deepEqual([ran.status, ran.out, existsSync(out)], [2, "", false]);
    assert.match(ran.err, /^1: nobody is among the validation persons [^\n]*\n$/);
  });

  it("is no data of an experiment, but for one that does without those parts", () => {
    const data = { survey: surveyOf([1, 2, 3]), seed: 1 };
    assert.throws(() => splitOf(data), {
      name: "UserError",
      message: /nobody is among the validation persons/,
    });
    assert.equal(splitOf(data, ["train"]).train.careers.length, 3);
  });

  it("is fitted by a method that chooses nothing, though nobody is left to test", async () => {
    const out = join(folder, "shares");
    const ran = await runCommand(
      "fine-tune",
      "--method",
      "empirical",
      "--survey",
      surveyOf([1, 2, 3]),
      "--out",
      out,
    );
    assert.equal(ran.status, 0, ran.err);
  });
});
