// npm run bench, second half: reading and simulating surveys; prints one JSON object and writes bench/surveys.json.
// Peers are measured where LABOR_LLM_PYTHON (default python3) has pandas and tokenizers.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { surveyState } = require("labor-llm/dist/surveys");
const { writeSurvey } = require("labor-llm/dist/surveys/synthetic/write");

function measure(script, ...args) {
  process.stderr.write(`${script} ${args.join(" ")} …\n`);
  const run = spawnSync(process.execPath, [join(here, `${script}.mjs`), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (run.status !== 0) throw new Error(`bench/${script}.mjs failed`);
  return JSON.parse(run.stdout);
}

const folder = mkdtempSync(join(tmpdir(), "labor-llm-bench-"));
try {
  // The real cohort where the user has it, else as many synthetic persons.
  const real = surveyState("nlsy97-person-year");
  const file = real.state === "downloaded" ? real.path : join(folder, "synthetic.csv");
  if (real.state !== "downloaded") writeSurvey(file, "nlsy97-like", { persons: "paper" });
  const results = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0].model}, ${cpus().length} threads`,
    node: process.version,
    panel: measure("panel", file),
    investigator: measure("investigator"),
    psid: measure("psid"),
    law: measure("law"),
  };
  writeFileSync(join(here, "surveys.json"), `${JSON.stringify(results, null, 2)}\n`);
  console.log(JSON.stringify(results, null, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
