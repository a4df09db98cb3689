// node bench/panel.mjs FILE [--runs 3]: a long-format survey from file to panel, text and tokens, measured against
// pandas and Hugging Face's tokenizers on the same file (LABOR_LLM_PYTHON, default python3, where it has both).
// Each run is a fresh process; prints one JSON object: [wall, processor] seconds, the smallest of all runs, and memory.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const base = join(here, "..", "data", "base-model");
const {
  values: { runs, worker },
  positionals: [file],
} = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "3" }, worker: { type: "string" } },
});
const require = createRequire(import.meta.url);

if (worker === undefined) measure();
else work(worker);

function measure() {
  if (file === undefined) throw new Error("name a survey's file, for example nlsy97_person_year.csv.gz");
  const folder = mkdtempSync(join(tmpdir(), "labor-llm-bench-"));
  const [ourTexts, theirTexts, jobs] = ["ours.txt", "theirs.txt", "jobs.json"].map((name) =>
    join(folder, name),
  );

  writeFileSync(jobs, JSON.stringify(wordsOfRows()));
  const python = process.env.LABOR_LLM_PYTHON ?? "python3";
  const script = join(here, "pandas", "panel.py");
  const ours = [];
  const theirs = [];
  for (let i = 0; i < Number(runs); i++) {
    ours.push(run(process.execPath, [fileURLToPath(import.meta.url), file, "--worker", ourTexts]));
    theirs.push(run(python, [script, file, jobs, join(base, "tokenizer.json"), theirTexts]));
  }
  const known = theirs.every((one) => one !== undefined);
  const sameTexts = known && readFileSync(ourTexts).equals(readFileSync(theirTexts));
  rmSync(folder, { recursive: true });
  const result = { file: basename(file), ours: best(ours), pandas: known ? best(theirs) : null, sameTexts };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

/** The result of a process; undefined where it fails. */
function run(program, args) {
  const done = spawnSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
  if (done.status === 0) return JSON.parse(done.stdout);
  process.stderr.write(`left out: ${(done.stderr ?? String(done.error)).trim().split("\n").at(-1)}\n`);
  return undefined;
}

/** The smallest of each time; the largest memory. */
function best(results) {
  const smallest = (times) => Number(Math.min(...times).toFixed(3));
  return Object.fromEntries(
    Object.keys(results[0]).map((key) => {
      const values = results.map((one) => one[key]);
      if (!Array.isArray(values[0])) return [key, Math.max(...values)];
      return [key, [0, 1].map((clock) => smallest(values.map((times) => times[clock])))];
    }),
  );
}

/** What pandas is handed: title and education of each used row, covariates of each person. */
function wordsOfRows() {
  const { readLongFormat } = require("labor-llm/dist/surveys/long-format");
  const { surveyTag, careers } = readLongFormat(file);
  return {
    surveyTag,
    covariates: Object.fromEntries(careers.map(({ person, covariates }) => [person, covariates])),
    rows: careers.flatMap(({ person, observations }) =>
      observations.map(({ year, title, education }) => [person, year, title, education ?? null]),
    ),
  };
}

function work(texts) {
  const times = {};
  const timed = (name, step) => {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const result = step();
    const { user, system } = process.cpuUsage(cpu);
    times[name] = [(performance.now() - start) / 1e3, (user + system) / 1e6];
    return result;
  };
  const { readLongFormat, validateCareer, renderCareer, renderCareerSegments, tokenizer } = timed(
    "load",
    () => ({
      ...require("labor-llm/dist/surveys/long-format"),
      ...require("labor-llm/dist/careers/validate"),
      ...require("labor-llm/dist/text/template"),
      tokenizer: require("labor-llm/dist/text/tokenizer").Tokenizer.fromFolder(base),
    }),
  );
  const panel = timed("read", () => readLongFormat(file));
  timed("validate", () => {
    for (const career of panel.careers) validateCareer(career, panel.titles);
  });
  const template = { surveyTag: panel.surveyTag };
  const rendered = timed("render", () => panel.careers.map((career) => renderCareer(career, template)));
  const tokens = timed("tokenise", () =>
    rendered.reduce((sum, text) => sum + tokenizer.encode(text).length, 0),
  );
  // What training and scoring do: the titles' places in the text, and among the tokens.
  const personYears = timed("renderAndTokeniseWithTitles", () =>
    panel.careers.reduce((sum, career) => {
      const { text, titleSpans } = renderCareerSegments(career, template);
      return sum + tokenizer.encodeWithSpans(text, titleSpans).tokenSpans.length;
    }, 0),
  );
  writeFileSync(texts, rendered.join("\n"));
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  const persons = panel.careers.length;
  process.stdout.write(JSON.stringify({ ...times, persons, personYears, tokens, peakMegabytes }));
}
