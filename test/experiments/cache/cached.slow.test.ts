import { strict as assert } from "node:assert";
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Experiment, Random, runExperiment, splitOf } from "labor-llm";
import { predictionsFolder } from "labor-llm/dist/experiments/experiment";
import { forecastExperiment } from "labor-llm/dist/experiments/forecast-experiment";
import { codeDigest, codeModules } from "labor-llm/dist/files/code-digest";
import { methodNamed } from "labor-llm/dist/methods";
import { aheadBy } from "labor-llm/dist/predictions/ahead/ahead";
import { childScript } from "../../support/child-script";
import { flipBit } from "../../support/flip-bit";
import { ownRuns } from "../../support/own-runs";
import { withScratch } from "../../support/scratch";
import { stderrOf } from "../../support/stderr";

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
  it("is taken as it was, or computed again with a word, after any bit of any file is turned over: never is the answer another", async function () {
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
      const said = lines.filter((line) => line.includes("computed again"));
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
      assert.ok(lines.filter((line) => line.includes("computed again")).length <= 1, lines.join("\n"));
      assert.deepEqual(await stderrOf(ask), []);
    }
  });
});

describe("The key of a run", () => {
  const dist = join(require.resolve("labor-llm/dist/errors"), "..");
  const small = { survey: "nlsy-young-men", persons: { train: 12, validation: 4, test: 3 }, seed: 1 };
  // What these make of files and of each other is in the key itself, as data and settings; or it watches, locks, keeps, and says where.
  const elsewhere =
    /(^|\/)index\.|^(surveys|careers|experiments|files|engine|occupations|figures)\/|^methods\/(model-folder|registry|fitted-files)\.|^methods\/language\/base-models\/|^text\/wording\.|^predictions\/distribution-file\.|^networks\/training\/checkpoints\.|^(progress|errors|quote|plain-text|ranges|numerals|stages|session|accepted-terms)\./;

  for (const [method, settings] of Object.entries({
    markov: { given: ["education"] },
    regression: {},
    "bag-of-jobs": { width: 4, training: { epochs: 1 } },
    career: { layers: 1, training: { epochs: 1 } },
    "fine-tuned": { base: "tiny", vocabulary: "reachable", training: { epochs: 1 } },
    "in-context": { base: "tiny", k: 1 },
  })) {
    it(`of ${method} covers each function that a fit and its predictions call`, async function () {
      this.timeout(120_000);
      await withScratch(async (folder) => {
        const script = childScript(
          folder,
          `process.env.LABOR_LLM_RUNS = ${JSON.stringify(join(folder, "runs"))};
const { fitExperiment, runExperiment, splitOf } = from("experiments/experiment");
const { startEngine } = from("engine");
const { Session } = require("node:inspector");
const experiment = ${JSON.stringify({ ...small, method, settings })};
(async () => {
  await startEngine();
  const split = splitOf(experiment);
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  for (const conditioning of [undefined, { history: 2 }]) await runExperiment({ ...experiment, conditioning }, undefined, split);
  session.post("Profiler.takePreciseCoverage", (error, { result }) => process.send(result
    .filter(({ functions }) => functions.some(({ functionName, ranges }) => functionName !== "" && ranges[0].count > 0))
    .map(({ url }) => url)));
})();`,
        );
        const child = fork(script, { silent: true });
        const [urls] = (await once(child, "message")) as [string[]];
        await once(child, "exit");
        const called = urls.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url));
        const ours = called.filter((file) => file.startsWith(dist + sep));
        assert.ok(ours.length > 20, `${ours.length}`);
        const covered = codeModules(methodNamed(method).code!);
        const conditioning = codeModules(join(dist, "experiments", "conditioning.js"));
        const left = ours
          .filter((file) => !covered.has(file) && !conditioning.has(file))
          .map((file) => relative(dist, file).split(sep).join("/"))
          .filter((name) => !elsewhere.test(name));
        assert.deepEqual(left, []);
        if (method !== "markov" && method !== "regression") assert.ok(covered.has(join(dist, "random.js")));
      });
    });
  }

  it("changes with the method's code, and predictions on less with that of conditioning", async () => {
    const [table, network] = ["markov", "bag-of-jobs"].map((name) => methodNamed(name).code!);
    assert.notEqual(codeDigest(table), codeDigest(network));
    const split = splitOf({ ...small });
    const folder = (conditioning?: object) =>
      predictionsFolder({ ...small, method: "markov", conditioning }, split);
    assert.equal(await folder(), await folder());
    assert.notEqual(await folder({ history: 2 }), await folder());
  });
});
