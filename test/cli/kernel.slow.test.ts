import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { jupyterOfUser } from "labor-llm/dist/notebook/jupyter-folders";
import { kernelFile } from "labor-llm/dist/notebook/kernel-spec";
import { withScratchFolder } from "../support/scratch";

const cli = resolve("lib/bin/labor-llm.js");

describe("labor-llm kernel", () => {
  function kernel(environment: NodeJS.ProcessEnv, ...args: string[]) {
    const { VIRTUAL_ENV: _, CONDA_PREFIX: __, JUPYTER_PATH: ___, ...inherited } = process.env;
    const env = { ...inherited, ...environment };
    return spawnSync(process.execPath, [cli, "kernel", ...args], { encoding: "utf8", env });
  }

  it("writes a spec of absolute paths under the notebooks' kernel name, where each option says", () => {
    withScratchFolder((folder) => {
      const data = join(folder, "data of Jupyter");
      const cases: [NodeJS.ProcessEnv, string[], string][] = [
        [{ JUPYTER_DATA_DIR: data }, [], data],
        [{ JUPYTER_DATA_DIR: data }, ["--user"], data],
        [{}, ["--prefix", join(folder, "a b")], join(folder, "a b", "share", "jupyter")],
        [{ VIRTUAL_ENV: join(folder, "venv") }, ["--sys-prefix"], join(folder, "venv", "share", "jupyter")],
      ];
      for (const [environment, options, where] of cases) {
        const installed = kernel(environment, "install", ...options);
        assert.equal(installed.status, 0, installed.stderr);
        const file = kernelFile(where);
        assert.ok(installed.stdout.includes(file), installed.stdout);
        const { argv, display_name } = JSON.parse(readFileSync(file, "utf8"));
        const [node, ...rest] = argv as string[];
        assert.equal(node, process.execPath);
        const program = rest.find((part) => part.endsWith(".js"))!;
        assert.ok(isAbsolute(program) && existsSync(program), program);
        assert.equal(rest.at(-1), "{connection_file}");
        for (const name of readdirSync("notebooks").filter((name) => name.endsWith(".ipynb"))) {
          const { kernelspec } = JSON.parse(readFileSync(join("notebooks", name), "utf8")).metadata;
          assert.deepEqual([kernelspec.name, kernelspec.display_name], ["tslab", display_name], name);
        }
        const listed = kernel({ JUPYTER_DATA_DIR: where }, "list");
        assert.ok(listed.stdout.includes(`${file}\n  this project: ${process.execPath} `), listed.stdout);
        const gone = kernel(environment, "uninstall", ...options);
        assert.equal(gone.status, 0, gone.stderr);
        assert.ok(!existsSync(join(file, "..")));
      }
    });
  });

  it("says which command a kernel of the same name had, and takes away none but its own", () => {
    withScratchFolder((folder) => {
      const file = kernelFile(folder);
      const environment = { JUPYTER_DATA_DIR: folder };
      const foreign = JSON.stringify({
        argv: ["tslab", "kernel"],
        display_name: "TypeScript",
        language: "ts",
      });
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, foreign);
      assert.match(kernel(environment, "list").stdout, /another program: tslab kernel/);
      const refused = kernel(environment, "uninstall");
      assert.equal(refused.status, 2);
      assert.match(refused.stderr, /^[^\n]* is not a kernel that labor-llm registered[^\n]*\n$/);
      assert.equal(readFileSync(file, "utf8"), foreign);
      assert.match(kernel(environment, "install").stdout, /in place of tslab kernel/);
      assert.match(kernel(environment, "list").stdout, /this project: /);
    });
  });

  it("refuses two places at once, and a Python that does not run, in one line", () => {
    withScratchFolder((folder) => {
      const cases: [string[], RegExp][] = [
        [["--user", "--prefix", folder], /cannot be used with/],
        [["--prefix", ""], /names no folder/],
        [["--sys-prefix", "--python", join(folder, "python")], /python does not answer .*--prefix/],
        [["--python", join(folder, "python")], /python does not answer/],
      ];
      for (const [options, says] of cases) {
        const { status, stderr } = kernel({ JUPYTER_DATA_DIR: folder }, "install", ...options);
        assert.equal(status, 2);
        assert.match(stderr, says);
        assert.equal(stderr.trimEnd().split("\n").length, 1);
      }
      assert.deepEqual(readdirSync(folder), []);
    });
  });

  it("finds the user's folder by Jupyter's own rules on each system", () => {
    const home = () => resolve("/home of/x");
    const own = (...parts: string[]) => join(home(), ...parts);
    const cases: [NodeJS.Platform, NodeJS.ProcessEnv, string][] = [
      ["linux", {}, own(".local", "share", "jupyter")],
      ["linux", { XDG_DATA_HOME: "/x" }, join("/x", "jupyter")],
      ["linux", { JUPYTER_DATA_DIR: resolve("/j"), XDG_DATA_HOME: "/x" }, resolve("/j")],
      ["darwin", { XDG_DATA_HOME: "/x" }, own("Library", "Jupyter")],
      ["darwin", { JUPYTER_PLATFORM_DIRS: "1" }, own("Library", "Application Support", "jupyter")],
      ["win32", { APPDATA: "/roaming" }, join("/roaming", "jupyter")],
      ["win32", {}, own(".jupyter", "data")],
    ];
    for (const [platform, environment, folder] of cases) {
      assert.equal(jupyterOfUser(environment, platform, home), folder);
    }
    assert.ok(jupyterOfUser({}, "linux").startsWith(homedir()));
  });
});
