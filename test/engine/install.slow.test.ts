import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasNvidiaDriver } from "labor-llm/dist/engine/nvidia";
import { isEngineFile, isHeader, requirements, wheelSets } from "labor-llm/dist/engine/wheels";
import { childScript, killed, runs, until } from "../support/child-script";
import { repositoryFile } from "../support/paths";

const cli = repositoryFile("lib/bin/labor-llm.js");

/** A wheel of three small files: TensorFlow's two libraries, not real ones, and setup.py. */
const wheel =
  "UEsDBBQAAAAAACQzdV2DFtyMAQAAAAEAAAAgAAAAdGVuc29yZmxvdy9saWJ0ZW5zb3JmbG93X2NjLnNvLjJ4UEsDBBQAAAAAACQz" +
  "dV2DFtyMAQAAAAEAAAAnAAAAdGVuc29yZmxvdy9saWJ0ZW5zb3JmbG93X2ZyYW1ld29yay5zby4yeFBLAwQUAAAAAAAkM3Vdgxbc" +
  "jAEAAAABAAAACAAAAHNldHVwLnB5eFBLAQIUAxQAAAAAACQzdV2DFtyMAQAAAAEAAAAgAAAAAAAAAAAAAACAAQAAAAB0ZW5zb3Jm" +
  "bG93L2xpYnRlbnNvcmZsb3dfY2Muc28uMlBLAQIUAxQAAAAAACQzdV2DFtyMAQAAAAEAAAAnAAAAAAAAAAAAAACAAT8AAAB0ZW5z" +
  "b3JmbG93L2xpYnRlbnNvcmZsb3dfZnJhbWV3b3JrLnNvLjJQSwECFAMUAAAAAAAkM3VdgxbcjAEAAAABAAAACAAAAAAAAAAAAAAA" +
  "gAGFAAAAc2V0dXAucHlQSwUGAAAAAAMAAwDZAAAArAAAAAAA";

describe("installing the native engine", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-install-"));
    mkdirSync(join(folder, "bin"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A command on the PATH of `labor-llm`, which holds nothing else. */
  function command(name: string, script: string): void {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  }

  function laborLlm(args: string[], env: NodeJS.ProcessEnv = {}) {
    const { LABOR_LLM_ENGINE: _, CXX: __, ...own } = process.env;
    const ran = spawnSync(process.execPath, [cli, ...args], {
      encoding: "utf8",
      env: { ...own, PATH: join(folder, "bin"), LABOR_LLM_CACHE: join(folder, "cache"), ...env },
    });
    return {
      status: ran.status,
      out: ran.stdout,
      lines: ran.stderr.split("\n").filter((line) => line !== ""),
    };
  }

  const compiler = () => command("c++", "exit 0");
  const python = (download: string) =>
    command("python3", `case "$*" in\n*download*) ${download};;\n*) exit 0;;\nesac`);

  /** What the machine has, what the one line must say. */
  const lacks: [name: string, prepare: () => void, says: RegExp][] = [
    ["a compiler", () => python("exit 1"), /C\+\+ compiler is missing.*apt install g\+\+/],
    ["Python", compiler, /Python 3.* is missing.*apt install python3 python3-pip/],
    [
      "pip",
      () => {
        compiler();
        command("python3", `case "$*" in *pip*) exit 1;; esac`);
      },
      /no pip.*apt install python3-pip/,
    ],
    [
      "the pinned wheel",
      () => {
        compiler();
        python(
          'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE." >&2; exit 1',
        );
      },
      /not the wheel that we pinned/,
    ],
  ];
  for (const [name, prepare, says] of lacks) {
    it(`says in one line that ${name} is missing, and goes on with wasm when asked to`, () => {
      prepare();
      const strict = laborLlm(["engine", "--install"]);
      assert.equal(strict.status, 2);
      assert.equal(strict.out, "");
      assert.match(strict.lines.at(-1)!, says);
      const optional = laborLlm(["engine", "--install", "--optional"]);
      assert.equal(optional.status, 0);
      assert.match(optional.lines.at(-1)!, says);
      assert.match(optional.lines.at(-1)!, /wasm/);
      const steps = /^(Downloading|No TensorFlow with CUDA)/;
      assert.equal(optional.lines.filter((line) => !steps.test(line)).length, 1, optional.lines.join("\n"));
      assert.equal(JSON.parse(laborLlm(["engine", "--json"]).out).engine, "wasm");
    });
  }

  it("says in one line that the network is missing", function () {
    const found = spawnSync("sh", ["-c", "command -v python3"], { encoding: "utf8" }).stdout.trim();
    if (spawnSync("python3", ["-m", "pip", "--version"]).status !== 0) {
      console.log("      there is no python3 with pip here");
      this.skip();
    }
    compiler();
    symlinkSync(found, join(folder, "bin", "python3"));
    const unreachable = {
      PIP_INDEX_URL: "http://127.0.0.1:9/simple",
      PIP_FIND_LINKS: "",
      PIP_CONFIG_FILE: "/dev/null",
    };
    const { status, lines } = laborLlm(["engine", "--install"], { ...unreachable, PATH: process.env.PATH });
    assert.equal(status, 2);
    assert.match(lines.at(-1)!, /network does not reach PyPI/);
  });

  it("leaves nothing behind where the compiler or the library fails", () => {
    writeFileSync(join(folder, "fake.whl"), Buffer.from(wheel, "base64"));
    // The folder that follows --dest.
    const copy = `while [ "$1" != --dest ]; do shift; done; /bin/cp ${join(folder, "fake.whl")} "$2/"`;
    python(copy);
    for (const [script, says] of [
      ['echo "x.cc:1: error: no C++17 here" >&2; exit 1', /does not compile.*no C\+\+17 here/],
      ['while [ "$1" != -o ]; do shift; done; echo nonsense > "$2"', /does not run TensorFlow/],
    ] as const) {
      command("c++", `case "$*" in *--version*) exit 0;; esac\n${script}`);
      const { status, lines } = laborLlm(["engine", "--install"]);
      assert.equal(status, 2);
      assert.match(lines.at(-1)!, says);
      assert.deepEqual(readdirSync(join(folder, "cache", "engine")), []);
    }
  });

  it("ends when the process that started it is killed, as the set-up of a fresh clone may be", async function () {
    if (process.platform === "win32") return this.skip();
    compiler();
    const [its, child] = ["pip", "child"].map((name) => join(folder, name));
    python(`echo $$ > ${its}; while :; do /bin/sleep 1; done`);
    const setUp = childScript(
      folder,
      `const { spawn } = require("node:child_process");
const options = { stdio: ["ignore", "ignore", "ignore", "ipc"] };
const child = spawn(process.execPath, [${JSON.stringify(cli)}, "engine", "--install"], options);
require("node:fs").writeFileSync(${JSON.stringify(child)}, String(child.pid));`,
    );
    const { LABOR_LLM_ENGINE: _, CXX: __, ...own } = process.env;
    const env = { ...own, PATH: join(folder, "bin"), LABOR_LLM_CACHE: join(folder, "cache") };
    const parent = spawn(process.execPath, [setUp], { env, stdio: "inherit" });
    await until(() => existsSync(its) && readFileSync(its, "utf8") !== "");
    await killed(parent);
    const processes = [its, child].map((path) => Number(readFileSync(path, "utf8")));
    await until(() => !processes.some(runs));
    assert.deepEqual(readdirSync(join(folder, "cache", "engine")), []);
  });

  for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
    it(`ends pip and all that it started when it is ended by ${signal}; what stays, the next start takes away`, async function () {
      if (process.platform === "win32") return this.skip();
      compiler();
      // Tells the processes of pip and of a child of it, which go on for ever.
      const [ours, its] = ["pip", "child"].map((name) => join(folder, name));
      python(`/bin/sh -c 'echo $$ > ${its}; while :; do /bin/sleep 1; done' & echo $$ > ${ours}; wait`);
      const { LABOR_LLM_ENGINE: _, CXX: __, ...own } = process.env;
      const env = { ...own, PATH: join(folder, "bin"), LABOR_LLM_CACHE: join(folder, "cache") };
      const installing = spawn(process.execPath, [cli, "engine", "--install"], { env, stdio: "ignore" });
      const ended = once(installing, "exit");
      await until(() => [ours, its].every((path) => existsSync(path) && readFileSync(path, "utf8") !== ""));
      const staged = () => readdirSync(join(folder, "cache", "engine"));
      assert.equal(staged().length, 1);
      installing.kill(signal);
      const [, by] = await ended;
      assert.equal(by, signal);
      await until(() => [ours, its].every((path) => !runs(Number(readFileSync(path, "utf8")))));
      assert.equal(staged().length, signal === "SIGKILL" ? 1 : 0);
      python("exit 1");
      laborLlm(["engine", "--install"]);
      assert.deepEqual(staged(), []);
    });
  }

  it("takes CUDA's wheels where an NVIDIA driver is, and TensorFlow for the CPU after them", () => {
    const variants = (platform: string, driver: boolean) =>
      wheelSets(platform, driver).map((set) => set.variant);
    assert.deepEqual(variants("linux-x64", false), ["cpu"]);
    assert.deepEqual(variants("linux-x64", true), ["cuda", "cpu"]);
    assert.deepEqual(variants("darwin-arm64", true), ["cpu"]);
    assert.deepEqual(variants("aix-ppc64", false), []);
    const [cuda] = wheelSets("linux-x64", true);
    assert.ok(cuda.wheels.some(({ name }) => name === "nvidia-cudnn-cu12"));
    for (const line of requirements(cuda.wheels).trimEnd().split("\n")) {
      assert.match(line, /^[a-z0-9-]+==[0-9.]+ --hash=sha256:[0-9a-f]{64}$/);
    }
    const smi = join(folder, "bin", "nvidia-smi");
    assert.equal(hasNvidiaDriver({ proc: folder, smi }), false);
    command("nvidia-smi", "echo NVIDIA Test Card");
    assert.equal(hasNvidiaDriver({ proc: folder, smi }), true);
  });

  it("unpacks the libraries and the headers of the C interface, nothing else", () => {
    const kept = [
      "tensorflow/libtensorflow_cc.so.2",
      "nvidia/cudnn/lib/libcudnn.so.9",
      "nvidia/cuda_nvcc/bin/ptxas",
    ];
    for (const path of kept) assert.ok(isEngineFile(path), path);
    const left = ["tensorflow/python/x.so", "nvidia/cudnn/include/cudnn.h", "tensorflow/include/Eigen/Core"];
    for (const path of left) assert.ok(!isEngineFile(path) && !isHeader(path), path);
    assert.ok(isHeader("tensorflow/include/tensorflow/c/eager/c_api.h"));
  });
});
