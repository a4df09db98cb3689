// Formatting, lint, types and tests; the last line counts them. With --fast, without the suites that are named as slow.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
let passed = 0;
let failed = 0;

/** Runs a program of node_modules; true where it ended well. */
function run(script, ...args) {
  const path = join(root, "node_modules", script);
  return spawnSync(process.execPath, [path, ...args], { cwd: root, stdio: "inherit" }).status === 0;
}

for (const [script, ...args] of [
  ["@biomejs/biome/bin/biome", "check", "."],
  ["typescript/bin/tsc", "-b"],
]) {
  if (run(script, ...args)) passed++;
  else failed++;
}

const folder = mkdtempSync(join(tmpdir(), "labor-llm-test-"));
const counts = join(folder, "counts.json");
const reporter = ["--reporter", "test/reporter.js", "--reporter-option", `counts=${counts}`];
const given = process.argv.slice(2);
const fast = given.includes("--fast")
  ? ["--ignore", "test/.build/**/*.slow.test.js", "--parallel", "--jobs", "2"]
  : [];
const ended = run(
  "mocha/bin/mocha.js",
  ...reporter,
  ...fast,
  ...given.filter((option) => option !== "--fast"),
);
let pending = [];
try {
  const found = JSON.parse(readFileSync(counts, "utf8"));
  passed += found.passes;
  failed += found.failures;
  pending = found.pending;
  if (!ended && found.failures === 0) failed++;
} catch {
  failed++;
  console.log("mocha ended before its last test");
}
rmSync(folder, { recursive: true });

for (const title of pending) console.log(`skipped: ${title}`);
console.log(`${passed} passed, ${failed} failed${pending.length > 0 ? `, ${pending.length} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;
