import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kernel, KernelTimeout } from "labor-llm/dist/notebook/kernel";
import { childScript, killed, runs, until } from "../support/child-script";
import { patience } from "../support/slowness";

describe("A kernel", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-kernel-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Loaded by the kernel's process before all else: it hangs in as many processes as there are files to take away. */
  const hanging = (times: number) => {
    for (let i = 0; i < times; i++) writeFileSync(join(folder, `hang-${i}`), "");
    const script = join(folder, "hang.cjs");
    writeFileSync(
      script,
      `const fs = require("node:fs"), path = require("node:path");
const [file] = fs.readdirSync(__dirname).filter((name) => name.startsWith("hang-"));
if (file !== undefined) { fs.rmSync(path.join(__dirname, file)); for (;;) {} }`,
    );
    return { NODE_OPTIONS: `--require ${script}` };
  };

  it("that does not come up is started again, and answers then", async () => {
    const kernel = await Kernel.start({ folder, environment: hanging(1), startTimeout: patience(10_000) });
    assert.ok(!existsSync(join(folder, "hang-0")));
    assert.equal(await kernel.execute("1 + 1", () => {}, patience(20_000)), "ok");
    await kernel.kill();
  });

  it("ends with what its cells started when its runner is killed, even in a cell that never pauses", async function () {
    if (process.platform === "win32") return this.skip();
    const told = join(folder, "told");
    const cell = `import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
const started = spawn("sleep", ["1000"]);
writeFileSync(${JSON.stringify(told)}, [process.pid, started.pid].join(" ") + "\\n");
for (;;) {}`;
    const script = childScript(
      folder,
      `const { Kernel } = from("notebook/kernel");
Kernel.start({ folder: ${JSON.stringify(folder)} }).then((kernel) => kernel.execute(${JSON.stringify(cell)}, () => {}));`,
    );
    const runner = spawn(process.execPath, [script], { stdio: ["ignore", "ignore", "inherit"] });
    await until(() => existsSync(told) && readFileSync(told, "utf8").endsWith("\n"));
    const processes = readFileSync(told, "utf8").split(" ").map(Number);
    for (const one of processes) assert.ok(runs(one), String(one));
    await killed(runner);
    await until(() => !processes.some(runs));
    // Its folder among the temporary ones goes when the next kernel of another process starts.
    const its = readdirSync(tmpdir()).filter((name) => name.startsWith(`labor-llm-kernel-${runner.pid}-`));
    assert.equal(its.length, 1);
    const next = childScript(
      folder,
      `require("node:fs").rmdirSync(from("files/temporary").temporaryFolder("kernel"));`,
    );
    assert.equal(spawnSync(process.execPath, [next]).status, 0);
    assert.ok(!existsSync(join(tmpdir(), its[0])));
  });

  it("that never comes up is given up after three times", async () => {
    // Long enough for each process to begin.
    const startTimeout = patience(2000);
    const started = Kernel.start({ folder, environment: hanging(3), startTimeout });
    await assert.rejects(started, (error) => {
      assert.ok(error instanceof KernelTimeout);
      assert.ok(error.message.includes(`did not start within ${startTimeout / 1000} s`), error.message);
      return true;
    });
    for (const i of [0, 1, 2]) assert.ok(!existsSync(join(folder, `hang-${i}`)));
  });
});
