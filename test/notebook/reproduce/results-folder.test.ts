import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { reproduce } from "labor-llm/dist/notebook/reproduce/reproduce";
import { claimResults, resultsFolder } from "labor-llm/dist/notebook/reproduce/results-folder";
import { Workspace } from "../workspace";

describe("the folder of a survey's results", () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace();
  });
  afterEach(() => workspace.remove());

  const file = (...path: string[]): string => {
    const survey = join(workspace.root, ...path);
    mkdirSync(dirname(survey), { recursive: true });
    writeFileSync(survey, "");
    return survey;
  };
  const folderOf = (survey: string) => resultsFolder(workspace.root, "quick", survey);

  it("is named by the survey or its file, and is another one for every name", () => {
    const plain = {
      "nlsy97-person-year": "quick-nlsy97-person-year",
      "synthetic-psid": "quick-synthetic-psid",
    };
    for (const [survey, name] of Object.entries(plain)) assert.equal(basename(folderOf(survey)), name);
    assert.equal(basename(folderOf(file("plain.csv.gz"))), "quick-plain");
    const names = [
      "调查.csv",
      "职业.csv",
      "panel.v2.csv",
      "panel.v3.csv",
      "My_Panel.csv",
      "my-panel.csv",
      "a b.zip",
      ".csv",
    ];
    const folders = names.map((name) => folderOf(file(name)));
    assert.equal(new Set(folders).size, names.length);
    for (const folder of folders) assert.equal(dirname(folder), join(workspace.root, "figures"));
  });

  it("is not written over by another file of the same name, nor by a survey of that name", async () => {
    workspace.notebook("1");
    const [first, second, third] = [
      file("one", "psid.csv"),
      file("two", "psid.csv"),
      file("one", "psid.parquet"),
    ];
    const folder = folderOf(first);
    claimResults(folder, first);
    writeFileSync(join(folder, "01-table.csv"), "first");
    for (const survey of [second, third]) {
      assert.equal(folderOf(survey), folder);
      await assert.rejects(reproduce({ project: workspace.root, profile: "quick", survey }), {
        name: "UserError",
        message:
          /quick-psid holds the results of another file or folder, "psid\.csv", than .*\. Give one of the two/,
      });
    }
    assert.throws(() => claimResults(folder, "psid"), {
      name: "UserError",
      message: /of another survey, "psid\.csv"/,
    });
    assert.equal(readFileSync(join(folder, "01-table.csv"), "utf8"), "first");
    const link = join(workspace.root, "three");
    symlinkSync(dirname(first), link);
    claimResults(folder, first);
    claimResults(folder, join(link, "psid.csv"));
    // Whose home it lies in is nobody's business.
    assert.ok(!readFileSync(join(folder, "survey.json"), "utf8").includes(workspace.root));
  });

  it("is gone again where nothing came into it, and stays where something did", () => {
    const survey = file("panel.csv");
    const folder = folderOf(survey);
    claimResults(folder, survey)();
    assert.ok(!existsSync(folder));
    const giveBack = claimResults(folder, survey);
    writeFileSync(join(folder, "01-table.csv"), "");
    giveBack();
    claimResults(folder, survey)();
    assert.deepEqual(readdirSync(folder).sort(), ["01-table.csv", "survey.json"]);
  });
});
