// node bench/shapes-beside-pytorch.mjs [--seconds 10] [--rounds 2] [SHAPE …]: fine-tuning at several shapes, here and
// in PyTorch by turns (LABOR_LLM_PYTHON, default python3, with torch, transformers and, for adapters, peft).
// Prints a Markdown table. Shapes are in bench/shapes.mjs; those of Gemma take minutes and gigabytes.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { shapes, textsOf } from "./shapes.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values: args, positionals } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    rounds: { type: "string", default: "2" },
  },
  allowPositionals: true,
});
const folder = mkdtempSync(join(tmpdir(), "labor-llm-bench-"));

/** Runs a program to its end and reads the JSON object that it prints last. */
function measure(program, ...options) {
  const run = spawnSync(program, options, { encoding: "utf8" });
  if (run.status === 0) return JSON.parse(run.stdout.trim().split("\n").at(-1));
  process.stderr.write(`left out: ${(run.stderr ?? String(run.error)).trim().split("\n").at(-1)}\n`);
  return undefined;
}

const mean = (rows, key) => rows.reduce((sum, row) => sum + row[key], 0) / rows.length;
console.log("| shape | tokens/s | PyTorch | ratio | ratio per processor second | peak MB | PyTorch |");
console.log("|---|---:|---:|---:|---:|---:|---:|");
for (const name of positionals.length > 0 ? positionals : ["1.1M", "5.3M", "29.5M"]) {
  const shape = shapes[name];
  const file = join(folder, `${name}.json`);
  const described = { config: shape.config, texts: textsOf(shape), perStep: shape.texts, lora: shape.lora };
  writeFileSync(file, JSON.stringify(described));
  const ours = () =>
    measure(process.execPath, join(here, "fine-tuning.mjs"), "--shape", name, "--seconds", args.seconds);
  const theirs = () =>
    measure(
      process.env.LABOR_LLM_PYTHON ?? "python3",
      join(here, "pytorch", "fine_tuning.py"),
      "--shape",
      file,
      args.seconds,
    );
  // By turns, and every second time the other way round: a shared machine drifts, and the ratio must not.
  const [own, other] = [[], []];
  for (let round = 0; round < Number(args.rounds); round++) {
    const order = round % 2 === 0 ? [ours, theirs] : [theirs, ours];
    const [first, second] = order.map((run) => run());
    const [mine, peer] = round % 2 === 0 ? [first, second] : [second, first];
    if (mine !== undefined) own.push(mine);
    if (peer !== undefined) other.push(peer);
  }
  if (own.length === 0) continue;
  const ratio = (key) => (other.length === 0 ? "–" : (mean(own, key) / mean(other, key)).toFixed(2));
  const peak = (rows) =>
    rows.length === 0 ? "–" : Math.round(Math.max(...rows.map((r) => r.peakMegabytes)));
  const speed = (rows) => (rows.length === 0 ? "–" : Math.round(mean(rows, "tokensPerSecond")));
  console.log(
    `| ${name} | ${speed(own)} | ${speed(other)} | ${ratio("tokensPerSecond")} | ${ratio("tokensPerProcessorSecond")} | ${peak(own)} | ${peak(other)} |`,
  );
}
rmSync(folder, { recursive: true });
