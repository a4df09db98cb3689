// Streams a synthetic survey to a file: prints one JSON object.
//   node bench/law.mjs [--persons 100000] [--kind nlsy97-like] [--gz]
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const require = createRequire(import.meta.url);
const { syntheticOracle } = require("labor-llm/dist/surveys/synthetic/survey");
const { syntheticSurvey } = require("labor-llm/dist/surveys/synthetic");
const { writeSurvey } = require("labor-llm/dist/surveys/synthetic/write");
const { values } = parseArgs({
  options: {
    persons: { type: "string", default: "100000" },
    kind: { type: "string", default: "nlsy97-like" },
    gz: { type: "boolean", default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), "labor-llm-law-"));
try {
  const path = join(folder, values.gz ? "survey.csv.gz" : "survey.csv");
  const start = performance.now();
  const written = writeSurvey(path, values.kind, { persons: Number(values.persons) });
  const seconds = (performance.now() - start) / 1000;
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  const bytes = statSync(path).size;

  const { careers } = syntheticSurvey(values.kind, { persons: 300 });
  const model = syntheticOracle(values.kind);
  const before = performance.now();
  const { observed } = await model.predict(careers);
  const oracleSeconds = (performance.now() - before) / 1000;
  console.log(
    JSON.stringify({
      kind: values.kind,
      compressed: values.gz,
      ...written,
      seconds: Number(seconds.toFixed(1)),
      personsPerSecond: Math.round(written.persons / seconds),
      megabytes: Math.round(bytes / 1e6),
      peakMegabytes: Math.round(peakMegabytes),
      oraclePersonYearsPerSecond: Math.round(observed.length / oracleSeconds),
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
