import { strict as assert } from "node:assert";
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { exclusively } from "labor-llm/dist/files/exclusive";

describe("Exclusive work", () => {
  let folder: string;
  let lock: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-test-"));
    lock = join(folder, "runs", "one.lock");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is done by one call after the other", async () => {
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await setTimeout(50);
      log.push(`${name} ends`);
      return name;
    };
    const waitedFor: number[] = [];
    const say = (holder: number) => waitedFor.push(holder);
    const done = await Promise.all([exclusively(lock, work("a"), say), exclusively(lock, work("b"), say)]);
    assert.deepEqual(done, ["a", "b"]);
    assert.deepEqual(log, ["a begins", "a ends", "b begins", "b ends"]);
    assert.deepEqual(waitedFor, [process.pid]);
    assert.ok(!existsSync(lock));
  });

  it("is done by one process after the other", async () => {
    const script = join(folder, "worker.cjs");
    const log = join(folder, "log");
    writeFileSync(
      script,
      `const { appendFileSync } = require("node:fs");
const { exclusively } = require(${JSON.stringify(require.resolve("labor-llm/dist/files/exclusive"))});
exclusively(${JSON.stringify(lock)}, async () => {
  for (let i = 0; i < 5; i++) {
    appendFileSync(${JSON.stringify(log)}, process.pid + "\\n");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});`,
    );
    const workers = [0, 1, 2].map(() => fork(script));
    await Promise.all(workers.map((worker) => once(worker, "exit")));
    const lines = readFileSync(log, "utf8").trim().split("\n");
    const blocks = lines.filter((line, i) => line !== lines[i - 1]);
    assert.deepEqual([lines.length, blocks.length], [15, 3]);
  });

  it("goes on where the process that held the lock was killed", async () => {
    const dead = spawn(process.execPath, ["-e", "0"]);
    await once(dead, "exit");
    await exclusively(lock, async () => {}); // makes the folder
    writeFileSync(lock, String(dead.pid));
    assert.equal(await exclusively(lock, async () => readFileSync(lock, "utf8")), String(process.pid));
  });

  it("frees the lock where the work fails", async () => {
    await assert.rejects(
      exclusively(lock, async () => {
        throw new Error("no luck");
      }),
      /no luck/,
    );
    assert.ok(!existsSync(lock));
    appendFileSync(lock, ""); // a lock whose holder has not yet said who it is
    const started = Date.now();
    await exclusively(lock, async () => {});
    assert.ok(Date.now() - started >= 4000);
  });
});
