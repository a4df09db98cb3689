import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describePanel } from "labor-llm/dist/careers/describe";
import { validateCareer } from "labor-llm/dist/careers/validate";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { educationInWords, readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { parseCareer } from "labor-llm/dist/text/parse";
import { renderCareer } from "labor-llm/dist/text/template";

describe("the young men of the NLSY", () => {
  const panel = readNlsyYoungMen();

  it("are 545 valid careers of 1980 to 1987, with the title counts of the source", () => {
    const years = [1980, 1981, 1982, 1983, 1984, 1985, 1986, 1987];
    assert.equal(panel.careers.length, 545);
    for (const career of panel.careers) {
      validateCareer(career, panel.titles);
      assert.deepEqual(
        career.observations.map(({ year }) => year),
        years,
      );
    }
    const counts = panel.titles.titles.map(
      (title) =>
        panel.careers.flatMap(({ observations }) => observations).filter((one) => one.title === title).length,
    );
    assert.deepEqual(counts, [453, 399, 233, 486, 934, 881, 401, 64, 509]); // plm's factor, in its order
  });

  it("are born in the cohort's years and have every covariate", () => {
    const { birthYears, gender, ethnicity, region } = describePanel(panel);
    assert.deepEqual(birthYears, [1957, 1963]);
    assert.deepEqual(gender, [{ value: "male", share: 1 }]);
    const persons = (shares: typeof region) =>
      Object.fromEntries(shares.map((s) => [s.value, s.share * 545]));
    assert.deepEqual(persons(ethnicity), { "non-black non-hispanic": 397, hispanic: 85, black: 63 });
    assert.deepEqual(Object.keys(persons(region)).sort(), ["north central", "northeast", "south", "west"]);
  });

  it("are read back from their texts", () => {
    for (const career of panel.careers) {
      const text = renderCareer(career, { surveyTag: panel.surveyTag });
      assert.deepEqual(parseCareer(text, { person: career.person }), { career, surveyTag: "NLSY79" });
    }
  });

  it("stand in a file whose digest is the one that its provenance names", () => {
    const digest = createHash("sha256")
      .update(readFileSync(dataFile("nlsy-young-men.csv")))
      .digest("hex");
    assert.ok(readFileSync(dataFile("nlsy-young-men.md"), "utf8").includes(digest));
  });

  it("are refused when a row is lost", () => {
    const folder = mkdtempSync(join(tmpdir(), "labor-llm-"));
    try {
      const lines = readFileSync(dataFile("nlsy-young-men.csv"), "utf8").split("\n");
      const damaged = join(folder, "damaged.csv");
      writeFileSync(damaged, lines.toSpliced(20, 1).join("\n"));
      assert.throws(() => readNlsyYoungMen(damaged), {
        name: "UserError",
        message: /damaged\.csv: found person 18 with 7 years where .* Restore the file/,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("have their schooling worded by years", () => {
    const words = ["11", "12", "13", "15", "16"].map(educationInWords);
    assert.deepEqual(words, [
      "less than high school",
      "high school",
      "some college",
      "some college",
      "college",
    ]);
    for (const bad of ["12.5", "x", "99"]) assert.throws(() => educationInWords(bad), { name: "UserError" });
  });
});
