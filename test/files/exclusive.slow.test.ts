import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { UserError } from "labor-llm";
import { exclusively, type Holder } from "labor-llm/dist/files/exclusive";
import { fateOf, ownMark } from "labor-llm/dist/files/owner";
import { canUnshare, childScript, killed, startedScript } from "../support/child-script";
import { stderrOf } from "../support/stderr";

/** Waits for ever where nobody is seen to be dead. */
const never = { untouched: 1e9 };

describe("Exclusive work", () => {
  let folder: string;
  let lock: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-test-"));
    lock = join(folder, "runs", "one.lock");
    mkdirSync(dirname(lock));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const left = () => readdirSync(dirname(lock));
  const contentBy = (owner: string) =>
    JSON.stringify({ owner, host: "elsewhere", since: "2026-01-31T10:00:00.000Z", token: "1" });
  /** The mark of a process on a machine, in a container or before a restart that cannot be seen from here. */
  const unseen = "1-00000000-zz";
  /** The mark of an earlier process that had our number. */
  const before = ownMark().replace(/-[^-]*$/, "-zz");
  const holding = (then: string) =>
    childScript(
      folder,
      `from("files/exclusive").exclusively(${JSON.stringify(lock)}, async () => {
  console.log("held");
  ${then}
});`,
    );

  it("is done by one call after the other", async () => {
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await setTimeout(50);
      log.push(`${name} ends`);
      return name;
    };
    const waitedFor: Holder[] = [];
    const options = { onHeld: (holder: Holder) => waitedFor.push(holder) };
    const done = await Promise.all(["a", "b"].map((name) => exclusively(lock, work(name), options)));
    assert.deepEqual(done, ["a", "b"]);
    assert.deepEqual(log, ["a begins", "a ends", "b begins", "b ends"]);
    assert.deepEqual(
      waitedFor.map(({ path, process: pid }) => [path, pid]),
      [[lock, process.pid]],
    );
    assert.ok(Date.now() - Date.parse(waitedFor[0].since!) < 60_000);
    assert.deepEqual(left(), []);
  });

  it("is done by one process after the other, whoever of them is killed in it, after a lock that was left", async () => {
    const log = join(folder, "log");
    const script = childScript(
      folder,
      `const { appendFileSync } = require("node:fs");
const { exclusively } = from("files/exclusive");
const say = (what) => appendFileSync(${JSON.stringify(log)}, what + " " + process.pid + "\\n");
(async () => {
  for (let round = 0; round < 5; round++) {
    await exclusively(${JSON.stringify(lock)}, async () => {
      say("begins");
      await new Promise((resolve) => setTimeout(resolve, 5));
      say("ends");
      if (round === Number(process.argv[2])) process.kill(process.pid, "SIGKILL");
    }, ${JSON.stringify(never)});
  }
})();`,
    );
    writeFileSync(lock, contentBy(before));
    const rounds = [0, 1, 2, 3, 9, 9];
    const workers = rounds.map((round) => spawn(process.execPath, [script, String(round)]));
    await Promise.all(workers.map((worker) => once(worker, "exit")));
    const lines = readFileSync(log, "utf8").trim().split("\n");
    assert.equal(lines.length, 2 * (1 + 2 + 3 + 4 + 5 + 5));
    for (let i = 0; i < lines.length; i += 2) {
      assert.equal(lines[i + 1], lines[i].replace("begins", "ends"));
      assert.match(lines[i], /^begins/);
    }
  });

  it("goes on at once where the process that held the lock was killed, though another has its number", async () => {
    const { child } = await startedScript(
      holding("await new Promise((resolve) => setTimeout(resolve, 1e6));"),
    );
    const content = readFileSync(lock, "utf8");
    assert.equal(fateOf(JSON.parse(content).owner), "alive");
    await killed(child);
    assert.equal(readFileSync(lock, "utf8"), content);
    for (const owner of [JSON.parse(content).owner, before]) {
      writeFileSync(lock, contentBy(owner));
      assert.equal(await exclusively(lock, async () => "done", never), "done");
      // Whoever took the lock over was killed in that very moment.
      writeFileSync(lock, contentBy(owner));
      const id = createHash("sha256").update(contentBy(owner)).digest("hex").slice(0, 16);
      writeFileSync(`${lock}.${id}`, contentBy(before));
      assert.equal(await exclusively(lock, async () => "done", never), "done");
    }
    assert.deepEqual(left(), []);
  });

  it("goes on, after a word and a while untouched, where nobody can see the process that holds the lock", async () => {
    const contents = [contentBy(unseen), "1", String(process.pid), "", "{", contentBy("1-2-3")];
    for (const content of contents) {
      writeFileSync(lock, content);
      const lines = await stderrOf(() =>
        exclusively(lock, async () => assert.equal(existsSync(lock), true), { untouched: 0.5 }),
      );
      assert.equal(lines.length, 1, content);
      assert.ok(lines[0].startsWith("locked by ") && lines[0].includes(lock), lines[0]);
      if (content === contents[0]) {
        assert.match(lines[0], /^locked by process 1 on elsewhere, since 2026-01-31T10:00:00\.000Z \(/);
      }
    }
    assert.deepEqual(left(), []);
  });

  it("waits for a process that cannot be seen as long as it touches the lock, also in the midst of long work", async () => {
    // The child holds the lock and its thread until a file is there; its lock is then made to look like another machine's.
    const end = join(folder, "end");
    const { child } = await startedScript(
      holding(`while (!require("node:fs").existsSync(${JSON.stringify(end)}));`),
    );
    writeFileSync(lock, contentBy(unseen));
    let heldBy: number | undefined;
    let touched = statSync(lock).mtimeMs;
    let touches = 0;
    const waiting = exclusively(lock, async () => "done", {
      untouched: 4,
      onHeld: (holder) => {
        heldBy = holder.process;
      },
    });
    let done = false;
    void waiting.then(() => {
      done = true;
    });
    while (touches < 3) {
      await setTimeout(50);
      const { mtimeMs } = statSync(lock);
      if (mtimeMs !== touched) touches++;
      touched = mtimeMs;
    }
    assert.ok(!done);
    assert.equal(heldBy, 1);
    const ended = once(child, "exit");
    writeFileSync(end, "");
    await ended;
    assert.equal(await waiting, "done");
  });

  it("is given up where the wait passes its limit, in one line that says for whom, since when and for which file", async () => {
    writeFileSync(lock, contentBy(ownMark()));
    await assert.rejects(
      exclusively(lock, async () => assert.fail("done"), { limit: 0.1 }),
      (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /^waited 0\.1 s for process \d+ on elsewhere, since 2026-01-31T10/);
        assert.ok(error.message.includes(lock));
        return true;
      },
    );
    assert.equal(readFileSync(lock, "utf8"), contentBy(ownMark()));
  });

  it("frees the lock where the work fails or the process exits, and no lock that another has taken meanwhile", async () => {
    const work = async () => {
      throw new Error("no luck");
    };
    await assert.rejects(exclusively(lock, work), /no luck/);
    assert.deepEqual(left(), []);
    spawnSync(process.execPath, [holding("process.exit(1);")]);
    assert.deepEqual(left(), []);
    await exclusively(lock, async () => writeFileSync(lock, "another's"));
    assert.equal(readFileSync(lock, "utf8"), "another's");
  });

  it("goes on in a container whose first process was killed, when the next has the same number", async function () {
    if (!canUnshare()) return this.skip();
    const script = childScript(
      folder,
      `from("files/exclusive").exclusively(${JSON.stringify(lock)}, async () => {
  console.log("held by", process.pid);
  if (process.argv[2] === "stays") await new Promise((resolve) => setTimeout(resolve, 1e6));
}, { untouched: 1 });`,
    );
    const container = ["-pf", "--kill-child", "--mount-proc", process.execPath, script];
    const first = spawn("unshare", [...container, "stays"], { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = (await once(first.stdout, "data")) as [Buffer];
    assert.equal(said.toString(), "held by 1\n");
    await killed(first);
    assert.ok(existsSync(lock));
    const next = spawnSync("unshare", container, { encoding: "utf8", timeout: 60_000 });
    assert.equal(next.stdout, "held by 1\n", next.stderr);
    assert.match(next.stderr, /^(locked by process 1 on .*\n)?$/);
    assert.deepEqual(left(), []);
  });
});
