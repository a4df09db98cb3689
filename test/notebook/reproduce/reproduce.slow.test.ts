import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { main } from "labor-llm/dist/cli";
import { describeData } from "labor-llm/dist/experiments";
import { profileNamed, profiles } from "labor-llm/dist/experiments/profile/profile";
import { readNotebook, writeNotebook } from "labor-llm/dist/notebook/document";
import { reproduce } from "labor-llm/dist/notebook/reproduce/reproduce";
import { resultsFolder } from "labor-llm/dist/notebook/reproduce/results-folder";
import { Workspace } from "../workspace";

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
  // Each waits for what the other writes.
  const meeting = (own: string, other: string) => `import { existsSync, writeFileSync } from "node:fs";
import { saveTable } from "labor-llm/dist/figures";
writeFileSync("${own}", "");
while (!existsSync("${other}")) await new Promise((resolve) => setTimeout(resolve, 20));
saveTable("${own}", [{ threads: process.env.TF_NUM_INTRAOP_THREADS! }]);`;
  const waitForOthers = (name: string, cell: number) => {
    const path = join(workspace.root, "notebooks", name);
    const notebook = readNotebook(path);
    notebook.cells[cell].metadata.tags = ["after-other-notebooks"];
    writeNotebook(path, notebook);
  };

  it("runs the notebooks in the order of their numbers, under the profile, and reports all of them", async () => {
    add("02-b.ipynb", saving("second"));
    add("01-a.ipynb", saving("first"));
    add("draft.ipynb", "throw 1");
    const { runs, report } = await reproduce({ project: workspace.root, profile: "quick" });
    assert.deepEqual(
      runs.map(({ saved }) => saved.filter((path) => path.endsWith(".csv"))),
      [[table("first")], [table("second")]],
    );
    assert.equal(readFileSync(table("second"), "utf8"), "profile\nquick\n");
    assert.match(readFileSync(report, "utf8"), /id="01-a"[\s\S]*id="02-b"/);
  });

  it("runs notebooks side by side, and the audit beside them until it reads their tables", async () => {
    const audit = `import { existsSync } from "node:fs";
import { saveTable } from "labor-llm/dist/figures";
const before = process.env.LABOR_LLM_FIGURES_BEFORE!;
saveTable("seen", ["first", "second", "third"].map((name) => ({ seen: existsSync(before + "/" + name + ".csv") })));`;
    // Those that take long begin first: the others would wait for each other.
    add("01-d.ipynb", meeting("third", "begun"));
    add("02-a.ipynb", meeting("first", "second"));
    add("03-b.ipynb", meeting("second", "first"));
    // The first cell of the audit is run while the others still wait for it.
    add("15-c.ipynb", `import { writeFileSync } from "node:fs";\nwriteFileSync("begun", "");`, audit);
    waitForOthers("15-c.ipynb", 1);
    const { runs } = await reproduce({ project: workspace.root, profile: "quick", jobs: 2, cellTimeout: 60 });
    assert.deepEqual(
      runs.map(({ notebook }) => basename(notebook)),
      ["01-d.ipynb", "02-a.ipynb", "03-b.ipynb", "15-c.ipynb"],
    );
    assert.equal(readFileSync(table("first"), "utf8"), "threads\n1\n");
    assert.equal(readFileSync(table("seen"), "utf8"), "seen\ntrue\ntrue\ntrue\n");
  });

  it("tells the kernels to make kept fits anew where that is asked for", async () => {
    add(
      "01-a.ipynb",
      `import { saveTable } from "labor-llm/dist/figures";
saveTable("told", [{ anew: process.env.LABOR_LLM_ANEW ?? "no" }]);`,
    );
    for (const [anew, told] of [
      [undefined, "no"],
      [true, "1"],
    ] as const) {
      await reproduce({ project: workspace.root, profile: "quick", anew });
      assert.equal(readFileSync(table("told"), "utf8"), `anew\n${told}\n`);
    }
  });

  it("runs others while the audit waits", async () => {
    // The audit begins before the last of them, in one of two turns; the other is taken until the last has run.
    add("02-a.ipynb", meeting("first", "second"));
    add("15-b.ipynb", saving("audited"));
    add("01-c.ipynb", meeting("second", "first"));
    waitForOthers("15-b.ipynb", 0);
    const { runs } = await reproduce({ project: workspace.root, profile: "quick", jobs: 2, cellTimeout: 60 });
    assert.equal(runs.length, 3);
    assert.ok(existsSync(table("audited")));
  });

  it("stops the others where one fails, and says which", async () => {
    add("02-a.ipynb", "await new Promise((resolve) => setTimeout(resolve, 1_000_000));", saving("first"));
    add("03-b.ipynb", 'throw new Error("no way")');
    add("07-c.ipynb", saving("third"));
    // The first would go on for longer than a test may.
    await assert.rejects(reproduce({ project: workspace.root, profile: "quick", jobs: 2 }), /03-b.*no way/s);
    assert.ok(!existsSync(table("first")) && !existsSync(table("third")));
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
    const figures = resultsFolder(workspace.root, "quick", survey);
    assert.equal(readFileSync(join(figures, "which.csv"), "utf8"), `survey\n${survey}\n`);
    assert.equal(readFileSync(notebook, "utf8"), before);
    assert.match(readFileSync(join(figures, "notebooks", "01-a.ipynb"), "utf8"), /seen/);
    assert.equal(report, join(figures, "report.html"));
  });

  describe("without some surveys", () => {
    const { LABOR_LLM_DATA } = process.env;
    beforeEach(() => {
      process.env.LABOR_LLM_DATA = workspace.root; // no download is there
      for (const [name, surveys] of Object.entries(wishes)) {
        const plans = surveys.map((survey) => ({ survey, persons: {} }));
        profiles[name] = () => ({ ...profiles.quick(), name, surveys: plans, resumes: plans[0] });
      }
    });
    afterEach(() => {
      if (LABOR_LLM_DATA === undefined) delete process.env.LABOR_LLM_DATA;
      else process.env.LABOR_LLM_DATA = LABOR_LLM_DATA;
      for (const name of Object.keys(wishes)) delete profiles[name];
    });
    const wishes = { some: ["psid", "nlsy-young-men", "nlsy97"], none: ["psid", "nlsy79"] };

    it("runs on those available, and says which are missing and where to get them", async () => {
      add("01-a.ipynb", saving("first"));
      const told: unknown[] = [];
      const { report } = await reproduce({
        ...{ project: workspace.root, profile: "some", onMissing: (missing) => told.push(...missing) },
      });
      const { surveys, resumes, missing } = profileNamed("some");
      assert.deepEqual(told, missing);
      assert.deepEqual(
        [surveys.map(({ survey }) => survey), resumes, missing.map(({ survey }) => survey)],
        [["nlsy-young-men"], undefined, ["psid", "nlsy97"]],
      );
      assert.match(
        missing[0].reason,
        /^there is no download of psid\. .*psidonline.*LABOR_LLM_DATA names\.$/,
      );
      assert.match(readFileSync(report, "utf8"), /without psid[\s\S]*no download of psid/);
      const rows = describeData(profileNamed("some"));
      const saying = (survey: string) => rows.find((row) => row.survey === survey)!;
      assert.equal(saying("nlsy-young-men")["in this profile"], "yes");
      assert.equal(saying("psid")["in this profile"], "missing");
      assert.match(saying("psid").state, /^not found\. .*psidonline/);
      assert.equal(saying("nlsy79")["in this profile"], "no");
    });

    it("refuses before it runs anything if none is left, or the one that the user names is not there", async () => {
      add("01-a.ipynb", saving("first"));
      const run = (...args: string[]) => main(["reproduce", ...args]);
      const said: string[] = [];
      const write = process.stderr.write;
      const folder = process.cwd();
      process.chdir(workspace.root);
      process.stderr.write = ((text: string) => said.push(text) > 0) as typeof write;
      try {
        assert.equal(await run("--profile", "none"), 2);
        assert.equal(await run("--survey", "psid"), 2);
        assert.equal(await run("--survey", "absent.csv"), 2);
      } finally {
        process.stderr.write = write;
        process.chdir(folder);
      }
      assert.equal(said.length, 3);
      assert.match(said[0], /^profile none: none of its surveys is available\. psid: .*nlsy79: [^\n]*\n$/);
      assert.match(said[1], /^there is no download of psid\. [^\n]*LABOR_LLM_DATA names\.\n$/);
      assert.match(said[2], /^no survey, file or folder is called "absent\.csv"\. [^\n]*\n$/);
      assert.ok(!existsSync(join(workspace.root, "figures")));
    });
  });

  it("stops at the first failure, and keeps what earlier notebooks made", async () => {
    add("01-a.ipynb", saving("first"));
    add("02-b.ipynb", saving("second"), `throw new Error("broken")`);
    add("03-c.ipynb", saving("third"));
    await assert.rejects(reproduce({ project: workspace.root, profile: "quick", jobs: 1 }), {
      name: "UserError",
      message: /^02-b\.ipynb, cell 2 .*: Error: broken$/,
    });
    assert.deepEqual(["first", "second", "third"].map(table).map(existsSync), [true, false, false]);
  });
});
