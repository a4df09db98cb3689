import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cacheFolder } from "labor-llm/dist/engine/cache";
import { engineThreads, profiles } from "labor-llm/dist/experiments/profile/profile";
import { type CodeCell, readNotebook } from "labor-llm/dist/notebook/document";
import { runNotebook } from "labor-llm/dist/notebook/runner";
import { Workspace } from "../notebook/workspace";
import { fencedBlocks } from "../support/fenced-blocks";

/** The notebook that goes through Jupyter's own client. */
const notebook = "notebooks/01-careers-as-text.ipynb";
const minutes = 60_000;

/** Runs the notebook named by the first argument with its folder as working folder, in place, as Jupyter would. */
const execute = `
import nbformat, sys
from nbclient import NotebookClient
path, folder = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
client = NotebookClient(notebook, timeout=1200, kernel_name="tslab", resources={"metadata": {"path": folder}})
client.execute()
nbformat.validate(notebook)
nbformat.write(notebook, path)
`;

describe("Jupyter's own client", () => {
  let python: string;
  let home: string;
  /** Nothing of ours is on PATH, as in a Jupyter that was started from a menu. */
  let jupyter: NodeJS.ProcessEnv;

  before(function () {
    this.timeout(5 * minutes);
    home = mkdtempSync(join(tmpdir(), "labor-llm home "));
    const { JUPYTER_DATA_DIR: _, JUPYTER_PATH: __, XDG_DATA_HOME: ___, ...inherited } = process.env;
    jupyter = { ...inherited, HOME: home, PATH: "/usr/bin:/bin", LABOR_LLM_CACHE: cacheFolder() };
    const found = environmentWithNbclient();
    if ("missing" in found) {
      console.log(`      skipped: ${found.missing}`);
      this.skip();
    }
    python = found.python;
    for (const [command, ...args] of documentedLines()) {
      const { status, stderr } = spawnSync(command, args, { encoding: "utf8", env: jupyter });
      assert.equal(status, 0, stderr);
    }
  });

  after(() => rmSync(home, { recursive: true, force: true }));

  /** Executes in place; figures go aside. */
  function executeWithJupyter(path: string, folder: string, figures: string): void {
    const { status, stderr } = spawnSync(python, ["-c", execute, path, folder], {
      encoding: "utf8",
      env: { ...jupyter, LABOR_LLM_FIGURES: figures },
    });
    assert.equal(status, 0, stderr);
  }

  it("starts the kernel as reproduce does: working folder, threads, room for new objects, no colours", async function () {
    this.timeout(5 * minutes);
    const workspace = new Workspace();
    const path = workspace.notebook(
      "const { TF_NUM_INTRAOP_THREADS, TF_NUM_INTEROP_THREADS, NO_COLOR, FORCE_COLOR } = process.env;",
      `console.log(process.cwd().split("/").at(-1), process.execArgv, TF_NUM_INTRAOP_THREADS, TF_NUM_INTEROP_THREADS, NO_COLOR, FORCE_COLOR);`,
    );
    const environment = engineThreads(profiles.quick());
    assert.equal(environment.TF_NUM_INTRAOP_THREADS, "1");
    await runNotebook(path, { environment });
    const ours = outputsOf(path);
    jupyter.FORCE_COLOR = "1";
    executeWithJupyter(path, join(workspace.root, "notebooks"), join(workspace.root, "jupyter"));
    delete jupyter.FORCE_COLOR;
    assert.deepEqual(outputsOf(path), ours);
    workspace.remove();
  });

  it("gets the outputs of our runner from the registered tslab kernel", async function () {
    this.timeout(5 * minutes);
    const workspace = new Workspace();
    const path = workspace.notebook(
      `import { show } from "labor-llm/dist/notebook";\nimport { Random } from "labor-llm";\nimport * as aq from "arquero";\nimport { learningCurve } from "labor-llm/dist/figures";`,
      `const table = aq.table({ draw: [new Random("nbclient").uniform()] });\nawait show(table);`,
      `await show(learningCurve({ epochs: [0, 1], train: [2, 1], validation: [2.1, 1.2] }));\nconsole.log("done");`,
    );
    await runNotebook(path);
    const ours = outputsOf(path);
    executeWithJupyter(path, join(workspace.root, "notebooks"), join(workspace.root, "jupyter"));
    assert.deepEqual(outputsOf(path), ours);
    workspace.remove();
  });

  it(`runs ${notebook} to its end, with outputs of the kinds that are committed`, function () {
    this.timeout(20 * minutes);
    if (!existsSync(notebook)) {
      console.log(`      skipped: there is no ${notebook}`);
      this.skip();
    }
    const workspace = new Workspace();
    const path = join(workspace.root, "notebook.ipynb");
    copyFileSync(notebook, path);
    executeWithJupyter(path, resolve("notebooks"), join(workspace.root, "jupyter"));
    const kinds = (file: string) =>
      outputsOf(file).map((cell) =>
        cell.map((output) => (output.output_type === "stream" ? [output.name] : Object.keys(output.data))),
      );
    assert.deepEqual(kinds(path), kinds(notebook));
    workspace.remove();
  });
});

/** Outputs by cell, without standard error: Jupyter keeps it, our runner does not. */
const outputsOf = (path: string) =>
  readNotebook(path).cells.map((cell) =>
    (cell.cell_type === "code" ? (cell as CodeCell).outputs : []).filter(
      (output) => output.output_type !== "stream" || output.name !== "stderr",
    ),
  );

/** A Python with nbclient and our kernel: made once, with venv and pip, in the project's cache folder. */
function environmentWithNbclient(): { python: string } | { missing: string } {
  const folder = resolve(".cache", "nbclient");
  const python = join(folder, "bin", "python");
  const run = (command: string, ...args: string[]) => {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
    return status === 0 ? undefined : (error?.message ?? stderr.trim().split("\n").at(-1) ?? "it failed");
  };
  if (run(python, "-c", "import nbclient") !== undefined) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, ".."), { recursive: true });
    const noPython = run("python3", "-m", "venv", folder);
    if (noPython !== undefined) return { missing: `python3 -m venv does not work here (${noPython})` };
    const noPackage = run(
      python,
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "nbclient",
    );
    if (noPackage !== undefined) return { missing: `pip cannot install nbclient (${noPackage})` };
  }
  return { python };
}

/** The lines of environment.md that register the kernel, run by this Node. */
function documentedLines(): string[][] {
  const [{ code }] = fencedBlocks("environment.md").filter((block) => block.code.includes("jupyterlab"));
  const lines = code.split("\n").filter((line) => line.startsWith("npx labor-llm kernel "));
  assert.ok(lines.length > 0);
  return lines.map((line) => {
    const [, , ...args] = line.replace(/ *#.*/, "").split(" ");
    return [process.execPath, "lib/bin/labor-llm.js", ...args];
  });
}
