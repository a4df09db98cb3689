import { strict as assert } from "node:assert";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { aheadBy, type Experiment, forecastExperiment, Random, runExperiment, splitOf } from "labor-llm";
import { codeDigest, codeFiles, runKey } from "labor-llm/dist/experiments/runs";
import { childScript } from "../support/child-script";
import { flipBit } from "../support/flip-bit";
import { ownRuns } from "../support/own-runs";
import { withScratchFolder } from "../support/scratch";
import { stderrOf } from "../support/stderr";

const experiment: Experiment = {
  survey: "nlsy-young-men",
  method: "bag-of-jobs",
  settings: { width: 4, training: { epochs: 1 } },
  persons: { train: 20, validation: 5, test: 5 },
  seed: 1,
};

describe("What an experiment left", () => {
  ownRuns();
  const split = splitOf(experiment);
  const markov: Experiment = { ...experiment, method: "markov", settings: {} };
  const kept = () => {
    const runs = process.env.LABOR_LLM_RUNS!;
    return readdirSync(runs, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort();
  };
  it("is taken as it was, or made anew with a word, after any bit of any file is turned over: never is the answer another", async function () {
    this.timeout(180_000);
    const ask = async () => ({
      networks: await runExperiment(experiment, undefined, split),
      tables: await runExperiment(markov, undefined, split),
    });
    const bare = ({ networks, tables }: Awaited<ReturnType<typeof ask>>) =>
      [networks, tables].map(({ seconds: _, ...outcome }) => outcome);
    const first = await ask();
    const random = new Random("kept");
    const files = kept();
    assert.ok(files.length >= 10, files.join());
    const remade = new Map<string, number>();
    for (let i = 0; i < 6 * files.length; i++) {
      const file = files[i % files.length];
      flipBit(file, random);
      // Where the predictions are there, nobody looks at the model: half of the times they are not.
      const model = !file.includes("predictions-");
      const done = join(
        file,
        "..",
        readdirSync(join(file, "..")).find((name) => name.startsWith("predictions-")) ?? "",
        "outcome.json",
      );
      if (model) writeFileSync(done, "");
      let again: Awaited<ReturnType<typeof ask>> | undefined;
      const lines = await stderrOf(async () => {
        again = await ask();
      });
      assert.deepEqual(bare(again!), bare(first), file);
      const said = lines.filter((line) => line.includes("made anew"));
      assert.ok(said.length === Number(model) || said.length === Number(model) + 1, lines.join("\n"));
      if (said.some((line) => line.startsWith(file))) remade.set(file, (remade.get(file) ?? 0) + 1);
      assert.deepEqual(await stderrOf(ask), []);
    }
    for (const file of files) assert.ok((remade.get(file) ?? 0) > 0, `${file} was never found damaged`);
  });

  it("of a forecast is as safe, with its errors of simulation", async () => {
    const folder = process.env.LABOR_LLM_RUNS!;
    const { careers } = split.test;
    const aheads = aheadBy(careers, 2);
    const plan = { how: "composed", paths: 8, seed: 1 } as const;
    const ask = () => forecastExperiment(experiment, split, careers, aheads, plan);
    const first = await ask();
    assert.ok(first.monteCarloError !== undefined);
    const files = kept().filter((file) => relative(folder, file).includes("forecast-"));
    assert.deepEqual(
      files.map((file) => file.split(sep).at(-1)),
      ["distribution.safetensors", "errors.safetensors", "forecast.json"],
    );
    const random = new Random("forecast");
    for (let i = 0; i < 30; i++) {
      flipBit(files[i % 3], random);
      const lines = await stderrOf(async () => assert.deepEqual(await ask(), first));
      assert.ok(lines.filter((line) => line.includes("made anew")).length <= 1, lines.join("\n"));
      assert.deepEqual(await stderrOf(ask), []);
    }
  });
});

describe("The key of a run", () => {
  const module = (name: string) => require.resolve(`labor-llm/dist/experiments/${name}`);
  const dist = join(module("runs"), "..", "..");

  it("takes in each module that fits, predicts and forecasts", async () => {
    const folder = mkdtempSync(join(tmpdir(), "labor-llm-key-"));
    try {
      const script = childScript(
        folder,
        `process.env.LABOR_LLM_RUNS = ${JSON.stringify(join(folder, "runs"))};
const { fitExperiment, runExperiment, splitOf } = from("experiments/experiment");
const { forecastExperiment } = from("experiments/kept-forecast");
const experiment = ${JSON.stringify(experiment)};
(async () => {
  const split = splitOf(experiment);
  for (const told of [undefined, { history: 2 }]) await runExperiment({ ...experiment, told }, undefined, split);
  const plan = { how: "composed", paths: 2, seed: 1 };
  await forecastExperiment(experiment, split, split.test.careers, [], plan);
  process.send(Object.keys(require.cache));
})();`,
      );
      const child = fork(script, { silent: true });
      const [loaded] = (await once(child, "message")) as [string[]];
      await once(child, "exit");
      const ours = loaded.filter((file) => file.startsWith(dist + sep));
      assert.ok(ours.length > 200);
      const [run, forecast] = ["experiment", "kept-forecast"].map((name) => codeFiles(module(name)));
      const forecasting = new Set([...forecast.keys()].filter((file) => !run.has(file)));
      for (const file of ours) {
        assert.ok(forecast.has(file), `${file} is left out`);
        if (forecasting.has(file)) assert.match(relative(dist, file), /^(forecasts|experiments)/);
        else assert.ok(run.has(file), `${file} is left out`);
      }
      for (const name of [
        "random.js",
        "experiments/told.js",
        "experiments/pool.js",
        "careers/split.js",
        "law/simulate.js",
      ]) {
        assert.ok(run.has(join(dist, name)), name);
      }
      assert.equal(runKey("a"), runKey("a"));
      assert.notEqual(runKey("a"), runKey("b"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("changes with any module that is loaded, at once, later or by its folder, and with no other", () =>
    withScratchFolder((folder) => {
      const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
      const texts: Record<string, string> = {
        "a.js": `const b = require("./b");`,
        "b.js": `const later = () => import("./c.js"); require("node:fs");`,
        "c.js": `require("./a"); require("./d.json")`,
        "d.json": "{}",
        "other.js": "",
      };
      for (const [name, text] of Object.entries(texts)) write(name, text);
      let copies = 0;
      // A digest is taken once in a process: by another name it is another module.
      const digestNow = () => {
        const name = `entry-${copies++}.js`;
        write(name, `require("./a");`);
        const names = [...codeFiles(join(folder, name)).keys()].map((file) => relative(folder, file));
        assert.deepEqual(names.slice(1), ["a.js", "b.js", "c.js", "d.json"]);
        return [...codeFiles(join(folder, name)).values()].slice(1).join("\n");
      };
      const before = digestNow();
      for (const name of ["a.js", "b.js", "c.js"]) {
        write(name, `${texts[name]} // changed`);
        assert.notEqual(digestNow(), before, name);
        write(name, texts[name]);
      }
      write("other.js", "changed");
      assert.equal(digestNow(), before);
      assert.match(codeDigest(join(folder, "a.js")), /^[0-9a-f]{64}$/);
    }));
});
