import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kernel, KernelTimeout } from "labor-llm/dist/notebook/kernel";

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
    const kernel = await Kernel.start({ folder, environment: hanging(1), startTimeout: 10_000 });
    assert.ok(!existsSync(join(folder, "hang-0")));
    assert.equal(await kernel.execute("1 + 1", () => {}, 20_000), "ok");
    await kernel.kill();
  });

  it("that never comes up is given up after three times", async () => {
    const started = Kernel.start({ folder, environment: hanging(3), startTimeout: 500 });
    await assert.rejects(started, (error) => {
      assert.ok(error instanceof KernelTimeout);
      assert.match(error.message, /did not start within 0\.5 s/);
      return true;
    });
    for (const i of [0, 1, 2]) assert.ok(!existsSync(join(folder, `hang-${i}`)));
  });
});
