import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync } from "node:fs";
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
