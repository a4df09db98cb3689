import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asPathError } from "labor-llm/dist/cli/path-error";
import { syntheticDownload } from "labor-llm/dist/surveys/nls/synthetic-download";
import { writeDownloadZip } from "labor-llm/dist/surveys/nls/synthetic-files";
import { repositoryFile } from "../support/paths";
import { withScratchFolder } from "../support/scratch";

const cli = repositoryFile("lib/bin/labor-llm.js");

/** Runs the command line as a process of its own; a variable that is undefined is not set. */
function run(args: string[], env: Record<string, string | undefined> = {}, shell = "") {
  const options = { encoding: "utf8", timeout: 50_000, env: { ...process.env, ...env } } as const;
  if (shell === "") return spawnSync(process.execPath, [cli, ...args], options);
  return spawnSync(
    "bash",
    ["-c", `set -o pipefail; "$@" ${shell}`, "bash", process.execPath, cli, ...args],
    options,
  );
}

describe("the surroundings of a command", () => {
  it("may be a reader who has gone: the rest is dropped, and nothing is said", () => {
    for (const args of [
      ["data", "render", "nlsy-young-men", "--longest"],
      ["models", "list", "--json"],
    ]) {
      const { status, stderr } = run(args, {}, "| true");
      assert.deepEqual([status, stderr], [0, ""], args.join(" "));
    }
  });

  it("may be a full disk for standard output: one line says so", function () {
    if (process.platform !== "linux") this.skip();
    const { status, stderr } = run(["models", "list"], {}, "> /dev/full");
    assert.equal(status, 2);
    assert.match(stderr, /^cannot write standard output: the disk is full\. .+\n$/);
  });

  it("may lack a home folder: what needs a cache names LABOR_LLM_CACHE, and the rest runs", () => {
    withScratchFolder((folder) => {
      const homeless = { HOME: "", LABOR_LLM_CACHE: undefined, LABOR_LLM_ENGINE: undefined };
      const lost = run(["engine"], homeless);
      assert.equal(lost.status, 2, lost.stderr);
      assert.match(lost.stderr, /^this user has no home folder.*Set LABOR_LLM_CACHE to a folder.*\n$/);
      for (const known of [{ LABOR_LLM_ENGINE: "wasm" }, { LABOR_LLM_CACHE: folder }]) {
        const { status, stdout, stderr } = run(["engine"], { ...homeless, ...known });
        assert.equal(status, 0, stderr);
        assert.match(stdout, /^engine {3}/);
      }
    });
  });

  it("may let nobody make a folder, as in /proc: one line says so, of every output", function () {
    if (process.platform !== "linux") this.skip();
    withScratchFolder((folder) => {
      const model = join(folder, "model");
      const fit = ["fine-tune", "--method", "markov", "--survey", "nlsy-young-men", "--out"];
      assert.equal(run([...fit, model]).status, 0);
      const cases: [string[], Record<string, string>][] = [
        [[...fit, "/proc/x"], {}],
        [["score", "--model", model, "--careers", "nlsy-young-men", "--out", "/proc/x/y.csv"], {}],
        [["kernel", "install", "--prefix", "/proc/x"], {}],
        [["evaluate", "--model", "markov", "--survey", "nlsy-young-men"], { LABOR_LLM_RUNS: "/proc/x" }],
      ];
      for (const [args, env] of cases) {
        const { status, stderr } = run(args, env);
        assert.equal(status, 2, `${args.join(" ")}: ${stderr}`);
        assert.match(
          stderr,
          /^cannot write \/proc\/x[^\n]*: there is no such folder, and none can be made\. .+\n$/,
        );
      }
    });
  });

  it("may be variables that lead nowhere: one line names them", () => {
    withScratchFolder((folder) => {
      const file = join(folder, "file");
      writeFileSync(file, "");
      const evaluate = ["evaluate", "--model", "markov", "--survey", "nlsy-young-men"];
      const cases: [string[], Record<string, string | undefined>, RegExp][] = [
        [
          ["engine"],
          { LABOR_LLM_CACHE: join(file, "x"), LABOR_LLM_ENGINE: undefined },
          /^cannot read the cache .*: a part of the path is a file.*LABOR_LLM_CACHE/,
        ],
        [evaluate, { LABOR_LLM_RUNS: join(file, "x") }, /^cannot write .*: a part of the path is a file/],
        [["models", "list"], { LABOR_LLM_RUNS: file }, /a part of the path is a file.*LABOR_LLM_RUNS/],
        [
          ["engine"],
          { TF_NUM_INTRAOP_THREADS: "-1" },
          /^TF_NUM_INTRAOP_THREADS: "-1" is no number of threads.* from 0 to 1024/,
        ],
        [["engine"], { TF_NUM_INTEROP_THREADS: "4294967297" }, /^TF_NUM_INTEROP_THREADS: .* from 0 to 1024/],
      ];
      for (const [args, env, says] of cases) {
        const { status, stdout, stderr } = run(args, env);
        assert.deepEqual([status, stdout], [2, ""], stderr);
        assert.match(stderr, says);
        assert.match(stderr, /^.+\n$/);
      }
    });
  });

  it("may hold folders of others in LABOR_LLM_DATA, or be the download itself", () => {
    withScratchFolder((folder) => {
      chmodSync(folder, 0o755);
      const zip = join(folder, "nlsy97.zip");
      writeDownloadZip(zip, syntheticDownload("nlsy97", { persons: 30, seed: 1 }));
      mkdirSync(join(folder, "others"), { mode: 0 });
      for (const named of [folder, zip]) {
        const { status, stdout, stderr } = run(["data", "describe", "nlsy97"], { LABOR_LLM_DATA: named });
        assert.equal(status, 0, stderr);
        assert.match(stdout, /^survey +nlsy97 /);
      }
    });
  });

  it("may be a user without an entry and without HOME, who may not read some folders", function () {
    // Only root can become another, who must be able to read the checkout.
    const other = { uid: 12_345, gid: 12_345 };
    const reads = process.getuid?.() === 0 && spawnSync("cat", [cli], other).status === 0;
    if (!reads) this.skip();
    withScratchFolder((folder) => {
      chmodSync(folder, 0o755);
      writeDownloadZip(join(folder, "nlsy97.zip"), syntheticDownload("nlsy97", { persons: 30, seed: 1 }));
      mkdirSync(join(folder, "others"), { mode: 0o700 });
      mkdirSync(join(folder, "closed"), { mode: 0o700 });
      const { HOME: _, LABOR_LLM_CACHE: __, LABOR_LLM_ENGINE: ___, ...bare } = process.env;
      const asOther = (args: string[], env: Record<string, string>) =>
        spawnSync(process.execPath, [cli, ...args], { ...other, encoding: "utf8", env: { ...bare, ...env } });
      const cases: [string[], Record<string, string>, number, RegExp][] = [
        [["engine"], {}, 2, /^this user has no home folder.*LABOR_LLM_CACHE.*\n$/],
        [["engine"], { LABOR_LLM_ENGINE: "wasm" }, 0, /^engine {3}wasm/],
        [["engine"], { LABOR_LLM_CACHE: join(folder, "none") }, 0, /^engine {3}/],
        [
          ["engine"],
          { LABOR_LLM_CACHE: join(folder, "closed") },
          2,
          /^cannot read the cache .*: no permission to read it.*\n$/,
        ],
        [["data", "describe", "nlsy97"], { LABOR_LLM_DATA: folder }, 0, /^survey +nlsy97 /],
        [
          ["data", "describe", "nlsy97"],
          { LABOR_LLM_DATA: join(folder, "closed") },
          2,
          /closed: no permission to read it\. LABOR_LLM_DATA/,
        ],
      ];
      for (const [args, env, status, says] of cases) {
        const ran = asOther(args, env);
        assert.equal(ran.status, status, ran.stderr);
        assert.match(status === 0 ? ran.stdout : ran.stderr, says);
      }
    });
  });
});

describe("an error of the system that nobody foresaw", () => {
  const error = (code: string, path: string | undefined, syscall = "open") =>
    Object.assign(new Error(code), { code, path, syscall });

  it("is the user's mistake where it names a path, and a bug where the path is the package's own", () => {
    assert.match(
      (asPathError(error("EACCES", "/home/ann/x")) as Error).message,
      /^cannot read \/home\/ann\/x: no perm/,
    );
    assert.match(
      (asPathError(error("EROFS", "x", "mkdtemp")) as Error).message,
      /^cannot write x: the file system/,
    );
    for (const bug of [
      error("ENOENT", repositoryFile("lib/dist/x.js").replace("test/.build", "")),
      error("ENOENT", "/x/node_modules/y/z.js"),
      error("EACCES", undefined),
      error("EBADF", "x"),
      new TypeError("x is undefined"),
    ]) {
      assert.equal(asPathError(bug), bug);
    }
  });
});
