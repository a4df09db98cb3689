import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AtomicFile, writeFileAtomically } from "labor-llm/dist/files/atomic";
import { ownMark } from "labor-llm/dist/files/owner";
import { withStaging } from "labor-llm/dist/files/staging";
import { temporaryFolder } from "labor-llm/dist/files/temporary";
import { Staging } from "labor-llm/dist/notebook/staging";
import { canUnshare, childScript, killed, startedScript } from "../support/child-script";

describe("What a killed process leaves", () => {
  let folder: string;
  let parent: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-test-"));
    parent = join(folder, "here");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const path = () => JSON.stringify(parent);
  const endless = "setInterval(() => {}, 1e6);";
  /** What leaves something in a folder, and the same again, which takes away what was left. */
  const kinds: { what: string; program: () => string; again: () => unknown }[] = [
    {
      what: "an unfinished file",
      program: () => `const { AtomicFile } = from("files/atomic");
new AtomicFile(${path()} + "/big.csv").write("half");`,
      again: () => writeFileAtomically(join(parent, "other.csv"), "whole"),
    },
    {
      what: "a download's staging folder",
      program: () => `from("files/staging").withStaging(${path()}, 1, () => new Promise(() => {}));`,
      again: () => withStaging(parent, 1, async () => {}),
    },
    {
      what: "a notebook's staging folder",
      program: () => `const { Staging } = from("notebook/staging");
new Staging(${path()});`,
      again: () => new Staging(parent).commit(),
    },
    {
      what: "a temporary folder",
      program: () => `process.env.TMPDIR = ${path()};
from("files/temporary").temporaryFolder("test");`,
      again: () => {
        const { TMPDIR } = process.env;
        process.env.TMPDIR = parent;
        try {
          rmSync(temporaryFolder("test"), { recursive: true });
        } finally {
          if (TMPDIR === undefined) delete process.env.TMPDIR;
          else process.env.TMPDIR = TMPDIR;
        }
      },
    },
  ];
  for (const { what, program, again } of kinds) {
    it(`goes at the next start: ${what}; what a living one has, or what only looks like ours, stays`, async () => {
      mkdirSync(parent);
      const living = childScript(folder, `${program()}\nconsole.log("there");\n${endless}`);
      const { child } = await startedScript(living);
      const [its] = readdirSync(parent);
      assert.ok(its.includes(String(child.pid)), its);
      const strange = [
        ".big.csv.1.0.tmp",
        ".staging-1-0",
        ".staging-mine",
        "labor-llm-test-1-abcdef",
        "notes.tmp",
      ];
      for (const name of strange) writeFileSync(join(parent, name), "mine");
      // Of another container it cannot be known, unless nothing has happened to it for long.
      const mark = its.match(/\d+-[0-9a-f]{8}-[0-9a-z]+/)![0];
      const [unknown, old] = ["00000000", "11111111"].map((place) =>
        its.replace(mark, mark.replace(/-[0-9a-f]{8}-/, `-${place}-`)),
      );
      for (const name of [unknown, old]) mkdirSync(join(parent, name));
      const long = new Date(Date.now() - 30 * 86_400_000);
      utimesSync(join(parent, old), long, long);
      await again();
      const stays = [...strange, unknown, its];
      const found = () => readdirSync(parent).filter((name) => name !== "other.csv");
      assert.deepEqual(found().sort(), stays.sort());
      await killed(child);
      assert.deepEqual(found().sort(), stays);
      // A process sweeps a folder once: the next start is another process.
      const next = spawnSync(process.execPath, [childScript(folder, `${program()}\nprocess.exit(0);`)]);
      assert.equal(next.status, 0, String(next.stderr));
      assert.ok(!existsSync(join(parent, its)));
    });
  }

  it("stands in nobody's way in a container, where each process has the same number", async function () {
    if (!canUnshare()) return this.skip();
    mkdirSync(parent);
    const file = join(parent, "big.csv");
    const script = childScript(
      folder,
      `const { AtomicFile } = from("files/atomic");
const file = new AtomicFile(${JSON.stringify(file)});
file.write("by " + process.pid);
if (process.argv[2] === "stays") { console.log("begun"); ${endless} }
else file.commit();`,
    );
    const container = ["-pf", "--kill-child", "--mount-proc", process.execPath, script];
    const first = spawn("unshare", [...container, "stays"], { stdio: ["ignore", "pipe", "inherit"] });
    await once(first.stdout, "data");
    await killed(first);
    assert.equal(readdirSync(parent).length, 1);
    assert.equal(spawnSync("unshare", container, { stdio: "inherit" }).status, 0);
    assert.equal(readFileSync(file, "utf8"), "by 1");
  });

  it("has names of their own, that fit, however long the file's is", () => {
    mkdirSync(parent);
    const name = `${"é".repeat(100)}${"x".repeat(50)}.csv`; // 254 bytes
    const [one, other] = [1, 2].map(() => new AtomicFile(join(parent, name)));
    const names = readdirSync(parent);
    assert.equal(new Set(names).size, 2);
    for (const found of names) assert.ok(found.includes(ownMark()));
    one.write("one");
    other.write("other");
    other.commit();
    one.commit();
    assert.deepEqual(readdirSync(parent), [name]);
    assert.equal(readFileSync(join(parent, name), "utf8"), "one");
  });
});
