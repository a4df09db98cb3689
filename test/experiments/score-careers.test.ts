import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { samplePersons } from "labor-llm/dist/careers/sample";
import { type ScoreOptions, scoreCareers } from "labor-llm/dist/experiments/score-careers";
import { fitEmpirical } from "labor-llm/dist/methods/markov/empirical";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";

describe("scoreCareers", () => {
  const panel = samplePersons(readNlsyYoungMen(), 4, 1);
  const model = fitEmpirical(panel, { smoothing: 1 });

  it("takes a year of four digits and a number of titles that can be, and writes nothing for others", async () => {
    const cases: [ScoreOptions, RegExp][] = [
      ...[3_000_000_000, 1e300, 999, 1985.5, Number.NaN].map((next): [ScoreOptions, RegExp] => [
        { next },
        /^next: year .* is not a year of four digits/,
      ]),
      ...[0, -1, 1.5, 2 ** 31, Number.NaN].map((top): [ScoreOptions, RegExp] => [
        { top },
        /^top is .*\. It must be a whole number from 1 to 2147483647/,
      ]),
    ];
    for (const [options, message] of cases) {
      const path = join(process.cwd(), "scores-that-nobody-writes.csv");
      const scored = scoreCareers(model, panel.titles, panel.careers, path, options);
      await assert.rejects(scored, { name: "UserError", message });
      assert.ok(!existsSync(path));
    }
  });

  it("refuses a path that is an input before it predicts", async () => {
    const predictsNot = { name: "none", predict: () => assert.fail("predicted") };
    const scored = scoreCareers(predictsNot, panel.titles, panel.careers, join(__dirname, "x.csv"), {
      inputs: [__dirname],
    });
    await assert.rejects(scored, { name: "UserError", message: /it lies in the input/ });
  });
});
