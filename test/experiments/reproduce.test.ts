import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reproduce } from "labor-llm/dist/experiments/reproduce";
import { Workspace } from "../notebook/workspace";

describe("reproduce", () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace();
  });
  afterEach(() => workspace.remove());

  const add = (name: string, ...cells: string[]) => {
    renameSync(workspace.notebook(...cells), join(workspace.root, "notebooks", name));
  };
  const saving = (name: string) =>
    `import { saveTable } from "labor-llm/dist/figures";\nsaveTable("${name}", [{ profile: process.env.LABOR_LLM_PROFILE! }]);`;
  const table = (name: string) => join(workspace.root, "figures", "quick", `${name}.csv`);

  it("runs the notebooks in the order of their numbers, under the profile, and reports all of them", async () => {
    add("02-b.ipynb", saving("second"));
    add("01-a.ipynb", saving("first"));
    add("draft.ipynb", "throw 1");
    const { runs, report } = await reproduce({ project: workspace.root, profile: "quick" });
    assert.deepEqual(
      runs.map(({ saved }) => saved),
      [[table("first")], [table("second")]],
    );
    assert.equal(readFileSync(table("second"), "utf8"), "profile\nquick\n");
    assert.match(readFileSync(report, "utf8"), /id="01-a"[\s\S]*id="02-b"/);
  });

  it("runs those that are chosen, and says which there are", async () => {
    add("01-a.ipynb", "throw 1");
    add("02-b.ipynb", saving("second"));
    const { runs } = await reproduce({ project: workspace.root, profile: "quick", only: ["02"] });
    assert.equal(runs.length, 1);
    await assert.rejects(reproduce({ project: workspace.root, profile: "quick", only: ["2"] }), {
      name: "UserError",
      message: /no notebook "2"\. The numbers are 01, 02/,
    });
    await assert.rejects(reproduce({ project: workspace.root, profile: "huge" }), {
      name: "UserError",
      message: /"huge" is not a profile/,
    });
  });

  it("runs a survey of the user's own into a folder of its own, and leaves the notebooks as they are", async () => {
    const cell = `import { saveTable } from "labor-llm/dist/figures";
saveTable("which", [{ survey: process.env.LABOR_LLM_SURVEY! }]);
console.log("seen");`;
    add("01-a.ipynb", cell);
    const notebook = join(workspace.root, "notebooks", "01-a.ipynb");
    const before = readFileSync(notebook, "utf8");
    const survey = join(workspace.root, "My_panel 2.csv.gz");
    writeFileSync(survey, "");
    const { report } = await reproduce({ project: workspace.root, profile: "quick", survey });
    const figures = join(workspace.root, "figures", "quick-my-panel-2");
    assert.equal(readFileSync(join(figures, "which.csv"), "utf8"), `survey\n${survey}\n`);
    assert.equal(readFileSync(notebook, "utf8"), before);
    assert.match(readFileSync(join(figures, "notebooks", "01-a.ipynb"), "utf8"), /seen/);
    assert.equal(report, join(figures, "report.html"));
  });

  it("stops at the first failure, and keeps what earlier notebooks made", async () => {
    add("01-a.ipynb", saving("first"));
    add("02-b.ipynb", saving("second"), `throw new Error("broken")`);
    add("03-c.ipynb", saving("third"));
    await assert.rejects(reproduce({ project: workspace.root, profile: "quick" }), {
      name: "UserError",
      message: /^02-b\.ipynb, cell 2 .*: Error: broken$/,
    });
    assert.deepEqual(["first", "second", "third"].map(table).map(existsSync), [true, false, false]);
  });
});
