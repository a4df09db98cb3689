// node bench/career.mjs [--seconds 20] [--persons 32]: person-years a second of training CAREER in the paper's
// sizes, ours and PyTorch's in turns. PyTorch is measured where LABOR_LLM_PYTHON (default python3) has torch.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    persons: { type: "string", default: "32" },
    rounds: { type: "string", default: "3" },
    worker: { type: "string" },
  },
});
const { syntheticSurvey } = require("labor-llm/dist/surveys/synthetic/survey");
const { CareerNetwork, careerSizes } = require("labor-llm/dist/networks/jobs/career-network");
const { vocabularySizes } = require("labor-llm/dist/networks/jobs/job-network");
const { CareerEncoder, jobVocabulary } = require("labor-llm/dist/networks/jobs/vocabulary");

const { titles, careers } = syntheticSurvey("nlsy97-like", { persons: 640 });
const vocabulary = jobVocabulary(titles, careers);
const sizes = vocabularySizes(vocabulary);
const encoder = new CareerEncoder(vocabulary);
const encoded = careers.map((career) => encoder.encode(career));

if (values.worker !== undefined) await worker();
else drive();

/** Trains for a while and prints one JSON object. */
async function worker() {
  const { startEngine } = require("labor-llm/dist/engine");
  const { jobTrainable } = require("labor-llm/dist/networks/jobs/job-trainable");
  const { fewPersonsTraining } = require("labor-llm/dist/methods/jobs/options");
  const { train } = require("labor-llm/dist/networks/training/train");
  const info = await startEngine({ engine: values.worker });
  const network = CareerNetwork.initialise({ ...sizes, ...careerSizes, kind: "career", twoStage: true }, 1);
  const stop = new AbortController();
  let steps = 0;
  let start = 0;
  let done = 0;
  const warmUp = 3;
  const persons = Number(values.persons);
  const training = Array.from({ length: 200 }, () => encoded).flat();
  const options = { ...fewPersonsTraining, epochs: 1, batch: { texts: persons } };
  await train(jobTrainable(network), { training, validation: encoded }, options, {
    signal: stop.signal,
    onProgress: () => {
      if (++steps === warmUp) start = performance.now();
      if (steps > warmUp && performance.now() - start > Number(values.seconds) * 1000) stop.abort();
    },
  }).catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  const mean = encoded.reduce((n, { titles: years }) => n + years.length, 0) / encoded.length;
  done = (steps - warmUp) * persons * mean;
  const parameters = [...network.parameters.values()].reduce((n, { size }) => n + size, 0);
  console.log(
    JSON.stringify({
      engine: `TensorFlow.js, ${info.engine} ${info.version}`,
      parameters,
      personYearsPerSecond: (done / (performance.now() - start)) * 1000,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
      threads: info.threads,
    }),
  );
}

/** Measures both sides in turns: a shared machine drifts, and the ratio must not. */
function drive() {
  const folder = mkdtempSync(join(tmpdir(), "labor-llm-bench-"));
  const file = join(folder, "careers.json");
  const covariates = sizes.covariates.map(({ levels }) => levels);
  const rows = encoded.map(({ titles: years, levels }) => ({
    titles: Array.from(years),
    levels: covariates.map((_, c) => Array.from(levels.slice(c * years.length, (c + 1) * years.length))),
  }));
  writeFileSync(file, JSON.stringify({ titles: titles.size, covariates, careers: rows }));
  const python = process.env.LABOR_LLM_PYTHON ?? "python3";
  const sides = [
    [
      process.execPath,
      [
        fileURLToPath(import.meta.url),
        "--worker",
        "tensorflow",
        "--seconds",
        values.seconds,
        "--persons",
        values.persons,
      ],
    ],
    [python, [join(here, "pytorch", "career.py"), file, values.seconds, values.persons]],
  ];
  const runs = sides.map(() => []);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const { status, stdout, stderr, error } = spawnSync(sides[side][0], sides[side][1], {
        encoding: "utf8",
      });
      if (status === 0) runs[side].push(JSON.parse(stdout.trim().split("\n").at(-1)));
      else process.stderr.write(`left out: ${(stderr ?? String(error)).trim().split("\n").at(-1)}\n`);
    }
  }
  rmSync(folder, { recursive: true });
  const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const speed = runs.map((measured) => mean(measured.map((run) => run.personYearsPerSecond)));
  console.log(`Training CAREER, ${values.persons} persons a step\n`);
  console.log(
    "| engine | parameters | person-years/s | each run | peak memory, MB |\n|---|---:|---:|---|---:|",
  );
  runs.forEach((measured, side) => {
    if (measured.length === 0) return;
    const each = measured.map((run) => Math.round(run.personYearsPerSecond)).join(", ");
    const memory = Math.round(Math.max(...measured.map((run) => run.peakMegabytes)));
    console.log(
      `| ${measured[0].engine} | ${measured[0].parameters} | ${Math.round(speed[side])} | ${each} | ${memory} |`,
    );
  });
  if (runs[1].length > 0) console.log(`\nours / PyTorch: ${(speed[0] / speed[1]).toFixed(2)}`);
}
