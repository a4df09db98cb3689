// node bench/investigator.mjs: makes a csv of 12,686 persons and 1,800 columns as NLS Investigator writes it, in a
// temporary folder, reads it in fresh processes and prints one JSON object. pandas is measured beside it where
// LABOR_LLM_PYTHON (default python3) has it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const persons = 12_686;
const columns = 1_800;
const here = fileURLToPath(import.meta.url);
const require = createRequire(import.meta.url);
const [task, file] = process.argv.slice(2);

if (task === undefined) await compare();
else if (task === "make") make(file);
else read(task, file);

/** All variables of our tagset, and others that nobody asks for. */
function make(folder) {
  const { syntheticDownload } = require("labor-llm/dist/surveys/nls/synthetic-download");
  const { writeDownloadFiles } = require("labor-llm/dist/surveys/nls/synthetic-files");
  const download = syntheticDownload("nlsy79", { persons, seed: 1 });
  const others = Array.from({ length: columns - download.variables.length }, (_, i) => ({
    reference: `Y${String(i + 1).padStart(7, "0")}`,
    question: `OTHER_${i + 1}`,
    release: "XRND",
    concept: "other",
  }));
  const more = others.map((_, i) => Int32Array.from({ length: persons }, (_, row) => (row * 31 + i) % 1000));
  const wide = {
    ...download,
    variables: [...download.variables, ...others],
    columns: [...download.columns, ...more],
  };
  const [csv] = writeDownloadFiles(folder, wide, [".csv"]);
  process.stdout.write(csv);
}

function read(what, csv) {
  const nls = require("labor-llm/dist/surveys/nls");
  const start = performance.now();
  if (what === "table") nls.readInvestigatorTable(csv, nls.surveyVariables("nlsy79"));
  else nls.readNlsy79(csv);
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(JSON.stringify({ seconds, peakMb: process.resourceUsage().maxRSS / 1024 }));
}

async function compare() {
  const folder = mkdtempSync(join(tmpdir(), "labor-llm-bench-"));
  try {
    const csv = run(process.execPath, [here, "make", folder]);
    const result = {
      persons,
      columns,
      fileMb: statSync(csv).size / 2 ** 20,
      table: JSON.parse(run(process.execPath, [here, "table", csv])),
      careers: JSON.parse(run(process.execPath, [here, "careers", csv])),
    };
    const python = process.env.LABOR_LLM_PYTHON ?? "python3";
    const pandas = spawnSync(python, [join(dirname(here), "pandas", "investigator.py"), csv], {
      encoding: "utf8",
    });
    if (pandas.status === 0) result.pandas = JSON.parse(pandas.stdout);
    else process.stderr.write(`pandas left out: ${(pandas.stderr ?? "").trim().split("\n").at(-1)}\n`);
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
