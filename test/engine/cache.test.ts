import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Manifest, nativeFolder, nativeState, verifyNative } from "labor-llm/dist/engine/cache";
import { repositoryFile } from "../support/paths";

const cli = repositoryFile("lib/bin/labor-llm.js");

describe("the native engine's cache", () => {
  let cache: string;
  let folder: string;
  const before = process.env.LABOR_LLM_CACHE;
  const contents: Record<string, string> = {
    "tensorflow/libtensorflow_cc.so.2": "library",
    "tfjs_binding.node": "addon",
    "stderr.node": "mute",
  };
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const manifest = (change: Partial<Manifest> = {}) => {
    const { version } = require("@tensorflow/tfjs-node-gpu/package.json") as { version: string };
    const files = Object.entries(contents).map(([name, text]) => {
      const sha256 = createHash("sha256").update(text).digest("hex");
      return [name, { bytes: text.length, sha256 }];
    });
    const platform = `${process.platform}-${process.arch}`;
    const sound = { tensorflow: "2.21.0", tfjs: version, napi: 8, platform, variant: "cpu", wheels: {} };
    write("engine.json", JSON.stringify({ ...sound, files: Object.fromEntries(files), ...change }));
  };

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "labor-llm-cache-"));
    process.env.LABOR_LLM_CACHE = cache;
    folder = nativeFolder("cpu");
    for (const [name, text] of Object.entries(contents)) write(name, text);
    manifest();
  });
  afterEach(() => {
    if (before === undefined) delete process.env.LABOR_LLM_CACHE;
    else process.env.LABOR_LLM_CACHE = before;
    rmSync(cache, { recursive: true });
  });

  it("counts only when every file has its size and the metadata fits this machine", () => {
    assert.equal(nativeState("cpu").state, "ready");
    assert.equal(nativeState("cuda").state, "absent");
    const damages: [string, () => void][] = [
      ["a library cut short", () => write("tensorflow/libtensorflow_cc.so.2", "lib")],
      ["no library", () => rmSync(join(folder, "tensorflow"), { recursive: true })],
      ["no metadata", () => rmSync(join(folder, "engine.json"))],
      ["metadata cut short", () => write("engine.json", '{"tensorflow":')],
      ["another TensorFlow", () => manifest({ tensorflow: "2.20.0" })],
      ["another platform", () => manifest({ platform: "linux-mips" })],
      ["metadata that names no files", () => manifest({ files: {} })],
    ];
    for (const [name, damage] of damages) {
      for (const [file, text] of Object.entries(contents)) write(file, text);
      manifest();
      damage();
      assert.equal(nativeState("cpu").state, "damaged", name);
    }
  });

  it("is read to the last byte by --verify", async () => {
    assert.equal((await verifyNative("cpu")).state, "ready");
    write("tfjs_binding.node", "Addon");
    assert.equal(nativeState("cpu").state, "ready");
    const found = await verifyNative("cpu");
    assert.ok(found.state === "damaged" && found.why.includes("tfjs_binding.node"));
  });

  it("gives way to wasm with one line when damaged, and to status 2 when TensorFlow is forced", () => {
    write("tensorflow/libtensorflow_cc.so.2", "lib");
    const run = (env: NodeJS.ProcessEnv, ...args: string[]) => {
      const { LABOR_LLM_ENGINE: _, ...own } = process.env;
      return spawnSync(process.execPath, [cli, "engine", ...args], {
        encoding: "utf8",
        env: { ...own, ...env },
      });
    };
    const ladder = run({}, "--json");
    assert.equal(JSON.parse(ladder.stdout).engine, "wasm");
    assert.match(ladder.stderr, /^TensorFlow is not used: .*damaged.*engine --install.*\n$/);
    for (const ran of [run({ LABOR_LLM_ENGINE: "tensorflow" }), run({}, "--verify")]) {
      assert.equal(ran.status, 2);
      assert.equal(ran.stdout, "");
      assert.match(ran.stderr, /^.*damaged.*\n$/);
    }
  });
});
