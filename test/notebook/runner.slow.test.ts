import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "labor-llm/dist/errors";
import { type CodeCell, readNotebook } from "labor-llm/dist/notebook/document";
import { NotebookError } from "labor-llm/dist/notebook/failure";
import { runNotebook } from "labor-llm/dist/notebook/runner";
import { patience } from "../support/slowness";
import { Workspace } from "./workspace";

const save = (name: string, text: string) =>
  `(await import("node:fs")).writeFileSync(process.env.LABOR_LLM_FIGURES + "/${name}", "${text}"); void 0;`;

describe("the notebook runner", () => {
  let workspace: Workspace;
  const stderr: string[] = [];
  const options = { onStderr: (text: string) => stderr.push(text) };

  beforeEach(() => {
    workspace = new Workspace();
    stderr.length = 0;
  });
  afterEach(() => workspace.remove());

  const outputsOf = (path: string) => readNotebook(path).cells.map((cell) => (cell as CodeCell).outputs);

  it("writes clean outputs, byte for byte the same on a second run", async () => {
    const path = workspace.notebook(
      `import { Random, type Career } from "labor-llm";\nconst draw: number = new Random("a").uniform();`,
      `console.log("one"); console.error("progress"); console.log(process.cwd() + "/x.csv");\nnew Random("b").integer(3) < 3`,
      `import { display } from "tslab";\ndisplay.html("<b>two</b>");`,
      save("table.csv", "a,b"),
    );
    const first = await runNotebook(path, options);
    const bytes = readFileSync(path, "utf8");
    assert.deepEqual(first.saved, [join(workspace.figures, "table.csv")]);
    assert.equal(readFileSync(first.saved[0], "utf8"), "a,b");
    assert.ok(first.peakMemory! > 50e6);
    assert.deepEqual(stderr, ["progress\n"]);
    assert.deepEqual(outputsOf(path), [
      [],
      [{ output_type: "stream", name: "stdout", text: "one\nnotebooks/x.csv\ntrue\n" }],
      [{ output_type: "display_data", data: { "text/html": "<b>two</b>" }, metadata: {} }],
      [],
    ]);
    await runNotebook(path, options);
    assert.equal(readFileSync(path, "utf8"), bytes);
    assert.doesNotMatch(bytes, new RegExp(workspace.root));
  });

  it("goes on where folders beside the notebook come and go while a cell runs", async () => {
    const path = workspace.notebook(
      `import { Random } from "labor-llm";\nimport { mkdirSync, rmSync } from "node:fs";`,
      `for (const name of ["a", "b", "node_modules", "c"]) {
  mkdirSync(name);
  await new Promise((done) => setTimeout(done, 400));
  rmSync(name, { recursive: true });
  await new Promise((done) => setTimeout(done, 400));
}`,
      `console.log(new Random("b").integer(1));`,
    );
    await runNotebook(path, options);
    assert.match(JSON.stringify(outputsOf(path)[2]), /0\\n/);
  });

  it("tells cells where the figures of earlier notebooks are, and keeps their own elsewhere until they succeed", async () => {
    mkdirSync(workspace.figures, { recursive: true });
    writeFileSync(join(workspace.figures, "00-first.csv"), "x");
    const path = workspace.notebook(
      `import { earlierFiguresFolder } from "labor-llm";\nimport { figuresFolder } from "labor-llm/dist/figures";\nimport { readdirSync } from "node:fs";`,
      save("01-table.csv", "a"),
      `console.log(readdirSync(earlierFiguresFolder()).filter((name) => !name.startsWith(".")), readdirSync(figuresFolder()));`,
    );
    await runNotebook(path, options);
    assert.match(JSON.stringify(outputsOf(path)[2]), /\[ '00-first.csv' \] \[ '01-table.csv' \]/);
  });

  it("shows an updated display in its last state, in its first place", async () => {
    const path = workspace.notebook(
      `import { newDisplay } from "tslab";\nconst shown = newDisplay();\nshown.text("old");`,
      `shown.text("new");`,
    );
    await runNotebook(path, options);
    assert.deepEqual(
      outputsOf(path).map((cell) => cell.length),
      [1, 0],
    );
    assert.match(JSON.stringify(outputsOf(path)[0]), /new/);
    assert.doesNotMatch(readFileSync(path, "utf8"), /display_id/);
  });

  const failures: { what: string; cell: string; message: RegExp; trace?: RegExp; cellTimeout?: number }[] = [
    {
      what: "throws",
      cell: `throw new TypeError("broken")`,
      message: /TypeError: broken$/,
      trace: /at the cell/,
    },
    {
      what: "throws a UserError",
      cell: `import { UserError } from "labor-llm";\nthrow new UserError("careers.csv:3: no year", "Add it.");`,
      message: /: careers\.csv:3: no year\. Add it\.$/,
    },
    {
      what: "rejects after it returned",
      cell: `void Promise.reject(new RangeError("late"));`,
      message: /RangeError: late$/,
    },
    {
      what: "does not compile",
      cell: `const n: number = "1";`,
      message: /does not compile: 1:7 - Type 'string'/,
    },
    { what: "hangs", cell: `while (true) {}`, message: /did not answer within [\d.]+ s/, cellTimeout: 2 },
    {
      what: "waits for ever",
      cell: `await new Promise(() => {});`,
      message: /did not answer within [\d.]+ s/,
      cellTimeout: 2,
    },
    { what: "exits", cell: `process.exit(0);`, message: /the kernel ended with status 0$/ },
    {
      what: "kills its kernel",
      cell: `process.kill(process.pid, "SIGKILL"); await new Promise(() => {});`,
      message: /the kernel was killed \(SIGKILL\)/,
    },
  ];
  for (const { what, cell, message, trace, cellTimeout } of failures) {
    it(`names notebook and cell of a cell that ${what}, and leaves everything as it was`, async () => {
      const path = workspace.notebook(save("table.csv", "new"), cell, `console.log("never")`);
      mkdirSync(workspace.figures, { recursive: true });
      writeFileSync(join(workspace.figures, "table.csv"), "old");
      const before = workspace.snapshot();
      // The cells before it answer in time on a busy machine too.
      const limit = cellTimeout && patience(1000 * cellTimeout) / 1000;
      await assert.rejects(runNotebook(path, { ...options, cellTimeout: limit }), (error) => {
        assert.ok(error instanceof NotebookError && error instanceof UserError);
        assert.match(error.message, /^01-example\.ipynb, cell 2 \(/);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        if (trace !== undefined) assert.match(error.trace!, trace);
        return true;
      });
      assert.deepEqual(workspace.snapshot(), before);
      assert.deepEqual(readdirSync(workspace.figures), ["table.csv"]);
      assert.deepEqual(stderr, []);
    });
  }

  it("keeps the stack of an error from the library's depths, which is no user's mistake", async () => {
    const path = workspace.notebook(
      `import { writeFileAtomically } from "labor-llm/dist/files/atomic";\nwriteFileAtomically("x", 5 as any);`,
    );
    await assert.rejects(runNotebook(path, options), (error: Error) => {
      assert.ok(!(error instanceof UserError));
      assert.match(error.stack!, /cell 1[\s\S]*TypeError[\s\S]*atomic\.js/);
      return true;
    });
  });

  it("ends at the limit of the whole notebook", async () => {
    const path = workspace.notebook(`await new Promise((r) => setTimeout(r, 500));`, `while (true) {}`);
    await assert.rejects(runNotebook(path, { ...options, timeout: 1.5 }), /cell \d .* did not answer/);
  });

  it("stops at once when it is interrupted", async () => {
    const path = workspace.notebook(`while (true) {}`);
    const before = workspace.snapshot();
    const interrupt = new AbortController();
    const onCell = () => setTimeout(() => interrupt.abort(new Error("interrupted")), 300);
    await assert.rejects(
      runNotebook(path, { ...options, onCell, signal: interrupt.signal }),
      /^Error: interrupted$/,
    );
    assert.deepEqual(workspace.snapshot(), before);
  });

  it("refuses an output folder that cannot be written, in one line", async () => {
    const path = workspace.notebook(`1`);
    writeFileSync(join(workspace.root, "figures"), "a file, not a folder");
    await assert.rejects(runNotebook(path, options), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /cannot write .*figures.quick: a part of the path is a file/);
      return true;
    });
  });

  it("refuses a notebook of another kernel, and one that is no JSON", async () => {
    const path = workspace.notebook(`1`);
    writeFileSync(path, readFileSync(path, "utf8").replace(`"tslab"`, `"python3"`));
    await assert.rejects(runNotebook(path, options), {
      name: "UserError",
      message: /its kernel is "python3"/,
    });
    writeFileSync(path, `{"cells": [`);
    await assert.rejects(runNotebook(path, options), { name: "UserError", message: /no valid JSON/ });
  });
});
