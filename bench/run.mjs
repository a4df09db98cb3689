// npm run bench [-- --seconds 20]: measures, prints a Markdown table, writes bench/results.json.
// PyTorch is measured where LABOR_LLM_PYTHON (default python3) has torch and transformers.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const base = join(here, "..", "data", "base-model");
const { values } = parseArgs({ options: { seconds: { type: "string", default: "20" } } });

/** Runs a program to its end and reads the JSON object that it prints; undefined, with a word, where it fails. */
function measure(name, program, args, env = {}) {
  process.stderr.write(`${name} …\n`);
  const run = spawnSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (run.status === 0) return { name, ...JSON.parse(run.stdout.trim().split("\n").at(-1)) };
  process.stderr.write(`  left out: ${(run.stderr ?? String(run.error)).trim().split("\n").at(-1)}\n`);
  return undefined;
}

// Both sides train on the careers of the young men, as the base model's tokenizer encodes them.
const require = createRequire(import.meta.url);
const { readSurvey, splitByPerson, startEngine } = require("labor-llm");
const { readLanguageModel } = require("labor-llm/dist/networks/decoder/language-model");
const { encodeCareer } = require("labor-llm/dist/text/encode");
const { profileNamed } = require("labor-llm/dist/experiments/profile/profile");
const { defaultTraining } = require("labor-llm/dist/networks/training/options");
await startEngine({ engine: "cpu" });
const panel = readSurvey("nlsy-young-men");
const { tokenizer } = readLanguageModel(base);
const encode = (career) => Array.from(encodeCareer(career, tokenizer, { surveyTag: panel.surveyTag }).ids);
const texts = splitByPerson(panel, { seed: 1 }).train.careers.slice(0, 320).map(encode);
const folder = mkdtempSync(join(tmpdir(), "labor-llm-bench-"));
const file = join(folder, "texts.json");
// As the quick profile trains.
const { tokensAtOnce, batch } = { ...defaultTraining, ...profileNamed("quick").fineTuning };
writeFileSync(file, JSON.stringify({ texts, perStep: batch.texts }));
const fineTuning = (engine) => [
  join(here, "fine-tuning.mjs"),
  ...["--engine", engine, "--texts", file],
  ...["--seconds", values.seconds, "--tokens", String(tokensAtOnce)],
];
const runs = [
  ["tensorflow", process.execPath, fineTuning("tensorflow")],
  [
    "PyTorch",
    process.env.LABOR_LLM_PYTHON ?? "python3",
    [join(here, "pytorch", "fine_tuning.py"), base, file, values.seconds],
  ],
  ["wasm", process.execPath, fineTuning("wasm")],
];
// Three times, every second time the other way round: a shared machine drifts, and the ratios must not.
const measured = [...runs, ...runs.toReversed(), ...runs]
  .map((run) => measure(...run))
  .filter((result) => result !== undefined);

rmSync(folder, { recursive: true });

const start = performance.now();
const cli = join(here, "..", "lib", "bin", "labor-llm.js");
const status = spawnSync(process.execPath, [cli, "engine", "--json"], { encoding: "utf8" }).status;
const engineSeconds = (performance.now() - start) / 1000;

const byName = Map.groupBy
  ? Map.groupBy(measured, ({ name }) => name)
  : measured.reduce((groups, row) => groups.set(row.name, [...(groups.get(row.name) ?? []), row]), new Map());
const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const table = [...byName.values()].map((runs) => ({
  engine: runs[0].engine,
  tokensPerSecond: Math.round(mean(runs.map((run) => run.tokensPerSecond))),
  runs: runs.map((run) => Math.round(run.tokensPerSecond)),
  peakMegabytes: Math.round(Math.max(...runs.map((run) => run.peakMegabytes))),
  threads: runs[0].threads,
}));
const reference = table[0]?.tokensPerSecond;
const tokens = Math.round(mean(texts.map((ids) => ids.length)));
console.log(`Fine-tuning the base model, ${batch.texts} careers of ${tokens} tokens on average a step\n`);
console.log(
  "| engine | tokens/s | each run | relative | peak memory, MB | threads |\n|---|---:|---|---:|---:|---:|",
);
for (const row of table) {
  const relative = (row.tokensPerSecond / reference).toFixed(2);
  console.log(
    `| ${row.engine} | ${row.tokensPerSecond} | ${row.runs.join(", ")} | ${relative} | ${row.peakMegabytes} | ${row.threads} |`,
  );
}
console.log(`\nlabor-llm engine: ${engineSeconds.toFixed(1)} s (status ${status})`);
const results = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0].model}, ${cpus().length} threads`,
  node: process.version,
  fineTuning: { careersPerStep: batch.texts, meanTokens: tokens, table },
  engineSeconds: Number(engineSeconds.toFixed(2)),
};
writeFileSync(join(here, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
