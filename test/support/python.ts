import { spawnSync } from "node:child_process";

/**
 * Runs a Python program (LABOR_LLM_TEST_PYTHON, or python3) and gives its standard output.
 * @returns undefined, after saying why, where Python or one of the modules is absent
 */
export function runPython(modules: string[], program: string, ...args: string[]): string | undefined {
  const python = process.env.LABOR_LLM_TEST_PYTHON ?? "python3";
  const present = spawnSync(python, ["-c", `import ${modules.join(", ")}`], { encoding: "utf8" });
  if (present.status !== 0) {
    console.log(`      skipped: ${python} with ${modules.join(", ")} is not installed`);
    return undefined;
  }
  const run = spawnSync(python, ["-c", program, ...args], { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (run.status !== 0) throw new Error(`${python} ended with ${run.status}: ${run.stderr}`);
  return run.stdout;
}
