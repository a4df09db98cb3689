// node bench/scoring.mjs [--model FOLDER] [--careers 8] [--years 50] [--neglect 1e-4] [--person-years 3] [--naive-titles 335]:
// scores all 335 titles of careers by the trie, exactly, bounded and of the observed titles alone, and beside it by
// one forward pass per title, as lm-evaluation-harness does, in PyTorch. Prints a Markdown table, writes
// bench/scoring.json. PyTorch is measured where LABOR_LLM_PYTHON (default python3) has torch and transformers, on a
// few person-years, and with a large model on a few titles of each, whose time is then scaled to all by their number.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const file = fileURLToPath(import.meta.url);
const here = dirname(file);
const { values } = parseArgs({
  options: {
    model: { type: "string", default: join(here, "..", "data", "base-model") },
    careers: { type: "string", default: "8" },
    years: { type: "string", default: "50" },
    "person-years": { type: "string", default: "3" },
    neglect: { type: "string", default: "1e-4" },
    "naive-titles": { type: "string", default: "335" },
    measure: { type: "string" },
  },
});

const require = createRequire(import.meta.url);
const { startEngine } = require("labor-llm");
const { syntheticSurvey } = require("labor-llm/dist/surveys/synthetic/survey");
const { laborTitles } = require("labor-llm/dist/occupations/occupations");
const { observedScores } = require("labor-llm/dist/predictions/observed-scores");
const { readLanguageModel } = require("labor-llm/dist/networks/decoder/language-model");
const { LanguageOccupationModel } = require("labor-llm/dist/methods/language/scoring/language-model");
const { Tokenizer } = require("labor-llm/dist/text/tokenizer");
const { encodeCareer, encodeTitles } = require("labor-llm/dist/text/encode");
const survey = syntheticSurvey("nlsy97-like", { persons: Number(values.careers), seed: 1 });
survey.careers = survey.careers.map((career) => ({
  ...career,
  observations: career.observations.slice(0, Number(values.years)),
}));
const template = { surveyTag: survey.surveyTag };
const titles = laborTitles();

if (values.measure === undefined) report();
else await measure(values.measure);

/** One side, in a process of its own for its peak memory: prints one JSON object. */
async function measure(kind) {
  const { engine, version, threads } = await startEngine();
  const { decoder, tokenizer } = readLanguageModel(values.model);
  const scoring =
    kind === "bounded" ? { mode: "bounded", neglect: Number(values.neglect) } : { mode: "exact" };
  const model = new LanguageOccupationModel(kind, decoder, tokenizer, titles, template, scoring);
  const run = (careers) => (kind === "observed" ? model.score(careers) : model.predict(careers));
  const short = survey.careers.map((career) => ({
    ...career,
    observations: career.observations.slice(0, 1),
  }));
  await run(short.slice(0, 1));
  const plainSeconds = plain(decoder, tokenizer);
  const before = process.resourceUsage().maxRSS / 1024;
  const start = performance.now();
  const result = await run(survey.careers);
  const seconds = (performance.now() - start) / 1000;
  const { logProbability } = result;
  const J = titles.size;
  const logP = Array.from((logProbability ? observedScores(result) : result).observedLogProbability);
  const row = logProbability && Array.from(logProbability.subarray(0, J));
  console.log(
    JSON.stringify({
      engine: `TensorFlow.js, ${engine} ${version}`,
      threads,
      personYears: logP.length,
      secondsPerPersonYear: seconds / logP.length,
      plainSecondsPerPersonYear: plainSeconds / logP.length,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
      megabytesBefore: before,
      perplexity: Math.exp(-logP.reduce((sum, x) => sum + x, 0) / logP.length),
      cost: model.cost,
      worstNeglected: result.neglectedMass && Math.max(...result.neglectedMass),
      row,
    }),
  );
}

/** Seconds of one plain forward pass over the same texts, with the loss at each token; the best of three. */
function plain(decoder, tokenizer) {
  const tf = require(require.resolve("@tensorflow/tfjs", { paths: [join(here, "..", "lib")] }));
  const { packRows, toTensors } = require("labor-llm/dist/networks/decoder/pack");
  const texts = survey.careers.map((career) => encodeCareer(career, tokenizer, template).ids);
  const batches = [];
  for (let from = 0; from < texts.length; from += 8) batches.push(texts.slice(from, from + 8));
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 3; n++) {
    const start = performance.now();
    for (const batch of batches) {
      tf.tidy(() => {
        const tensors = toTensors(packRows(batch, decoder.config.width));
        decoder.loss(tensors.batch, tensors.at, tensors.targets).dataSync();
      });
    }
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

function report() {
  const folder = mkdtempSync(join(tmpdir(), "labor-llm-bench-"));
  const requests = join(folder, "requests.json");
  const asked = naiveRequests();
  writeFileSync(requests, JSON.stringify(asked));
  const args = (kind) => [
    file,
    ...["model", "careers", "years", "neglect"].map((name) => `--${name}=${values[name]}`),
    `--measure=${kind}`,
  ];
  const python = process.env.LABOR_LLM_PYTHON ?? "python3";
  const program = join(here, "pytorch", "scoring.py");
  const sides = [
    ["one forward pass per title", python, [program, values.model, requests]],
    ["trie, exact", process.execPath, args("exact")],
    ["trie, bounded", process.execPath, args("bounded")],
    ["observed titles alone", process.execPath, args("observed")],
  ];
  const measured = sides.flatMap(([name, ...command]) => runSide(name, ...command) ?? []);
  rmSync(folder, { recursive: true });
  const naive = measured.find(({ name }) => name === sides[0][0]);
  if (naive) naive.secondsPerPersonYear *= titles.size / asked.kept.length;
  table(measured, naive, asked.kept);
}

/** A few person-years, evenly spread over all, each with all titles. */
function naiveRequests() {
  const tokenizer = Tokenizer.fromFolder(values.model);
  const all = survey.careers.flatMap((career) => {
    const { ids, titles: spans } = encodeCareer(career, tokenizer, template);
    return spans.map(({ start }) => Array.from(ids.subarray(0, start)));
  });
  const count = Math.min(Number(values["person-years"]), all.length);
  const chosen = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * all.length) / count));
  return {
    first: all[0],
    contexts: chosen.map((n) => all[n]),
    titles: encodeTitles(titles, tokenizer, template),
  };
}

function runSide(name, program, args) {
  process.stderr.write(`${name} …\n`);
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status === 0) return { name, ...JSON.parse(stdout.trim().split("\n").at(-1)) };
  process.stderr.write(`  left out: ${(stderr ?? String(error)).trim().split("\n").at(-1)}\n`);
  return undefined;
}

function table(measured, naive, kept) {
  console.log(`All ${titles.size} titles of each person-year, model ${basename(values.model)}\n`);
  console.log(
    "| way | ms a person-year | times faster | positions / plain | time / plain | peak memory, MB | of which before | perplexity |",
  );
  console.log("|---|---:|---:|---:|---:|---:|---:|---:|");
  const fixed = (x, digits) => (x === undefined ? "" : x.toFixed(digits));
  const rows = measured.map(({ row, ...side }) => {
    const { cost, secondsPerPersonYear: seconds } = side;
    const positions = cost && (cost.positions + cost.padding) / cost.plainPositions;
    const cells = [
      side.name,
      fixed(seconds * 1000, 1),
      fixed(naive && naive.secondsPerPersonYear / seconds, 0),
      fixed(positions, 1),
      fixed(side.plainSecondsPerPersonYear && seconds / side.plainSecondsPerPersonYear, 1),
      fixed(side.peakMegabytes, 0),
      fixed(side.megabytesBefore, 0),
      fixed(side.perplexity, 3),
    ];
    console.log(`| ${cells.join(" | ")} |`);
    const gap = naive && row && Math.max(...kept.map((j, i) => Math.abs(row[j] - naive.row[i])));
    return { ...side, ...(gap === undefined ? {} : { largestGapToNaive: gap }) };
  });
  const exact = rows.find(({ cost }) => cost !== undefined);
  if (exact) {
    const { naivePositions, plainPositions } = exact.cost;
    console.log(
      `\nNaive scoring: ${(naivePositions / plainPositions).toFixed(0)} times the plain pass's positions.`,
    );
    if (exact.largestGapToNaive !== undefined) {
      console.log(
        `Largest gap of a log-probability to PyTorch's: ${exact.largestGapToNaive.toExponential(1)}.`,
      );
    }
  }
  const results = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0].model}, ${cpus().length} threads`,
    node: process.version,
    model: basename(values.model),
    careers: survey.careers.length,
    rows,
  };
  writeFileSync(join(here, "scoring.json"), `${JSON.stringify(results, null, 2)}\n`);
}
