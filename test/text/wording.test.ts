import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { splitByPerson } from "labor-llm/dist/careers/split";
import { fitToFolder, methodNamed, openModelFolder, settingsOf } from "labor-llm/dist/methods";
import { readSurvey } from "labor-llm/dist/surveys/read-survey";
import { literalWording, templateOf } from "labor-llm/dist/text";
import { renderCareer } from "labor-llm/dist/text/template";

const withEducation = /including year, education level, and the job title:\n/;
const without = /including year and the job title:\n/;

describe("the template of a panel", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-wording-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const panelOf = (name: string, education: (person: number) => string) => {
    const path = join(folder, `${name}.csv`);
    const rows = Array.from({ length: 20 }, (_, i) => `${i},2000,Cooks,${education(i)}`);
    writeFileSync(path, ["person,year,title,education", ...rows, ""].join("\n"));
    return readSurvey(path);
  };

  it("promises education where anyone in the whole survey has one, in every part of it, and else nowhere", () => {
    const cases: [education: (person: number) => string, head: RegExp][] = [
      [() => "", without],
      [(person) => (person === 3 ? "college" : ""), withEducation],
      [() => "college", withEducation],
    ];
    for (const [i, [education, head]] of cases.entries()) {
      const panel = panelOf(`panel-${i}`, education);
      const { train, validation, test } = splitByPerson(panel, { seed: 1 });
      for (const part of [panel, train, validation, test]) {
        for (const career of part.careers) {
          assert.match(renderCareer(career, templateOf(part, literalWording)), head);
        }
      }
    }
  });

  it("is that of the fit when a fitted model is opened again", async () => {
    const panel = panelOf("none", () => "");
    const { train, validation } = splitByPerson(panel, { seed: 1 });
    const method = methodNamed("markov");
    const settings = settingsOf(method, {}) as object;
    const task = { train, validation, settings, wording: literalWording, seed: 1 };
    await fitToFolder(method, task, join(folder, "model"));
    const { card } = await openModelFolder(join(folder, "model"));
    assert.deepEqual(card.wording, { titles: "literal", omit: ["education"] });
  });
});
