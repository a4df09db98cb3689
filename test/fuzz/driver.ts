import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "./child";

/** How a case ended that should not have ended so. */
export interface Failure {
  reader: string;
  seed: number;
  case: number;
  outcome: "error" | "hang" | "memory" | "crash";
  words: string;
}

export interface FuzzRun {
  read: number;
  refused: number;
  failures: Failure[];
}

export interface FuzzLimits {
  /** Seconds that a case may take. */
  seconds: number;
  /** Bytes of memory that a case may take beside what the process had before. */
  memory: number;
}

export const fuzzLimits: FuzzLimits = { seconds: 30, memory: 700e6 };

/**
 * Runs a reader on damaged files in processes of their own, watched for time and memory. A case is a pure function of
 * reader, seed and its number.
 */
export async function fuzz(
  reader: string,
  { seed, first, count }: { seed: number; first: number; count: number },
  limits: FuzzLimits = fuzzLimits,
): Promise<FuzzRun> {
  const run: FuzzRun = { read: 0, refused: 0, failures: [] };
  for (let next = first; next < first + count; )
    next = await watch(reader, seed, next, first + count, limits, run);
  return run;
}

/** Runs cases until one must be ended. @returns the number of the next case */
function watch(
  reader: string,
  seed: number,
  from: number,
  end: number,
  limits: FuzzLimits,
  run: FuzzRun,
): Promise<number> {
  const args = [reader, seed, from, end - from].map(String);
  const child = fork(join(__dirname, "child.js"), args, {
    execArgv: ["--max-old-space-size=512"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let now = from - 1;
  let started: number | undefined;
  let before = Number.POSITIVE_INFINITY;
  let ended: Failure["outcome"] | undefined;
  let stderr = "";
  child.stderr?.on("data", (text) => {
    stderr = (stderr + text).slice(-3000);
  });
  child.on("message", (report: Report) => {
    if ("ready" in report) before = report.rss;
    else if ("starts" in report) {
      now = report.starts;
      started = Date.now();
    } else {
      started = undefined;
      const { outcome, words } = report;
      if (outcome === "error") run.failures.push({ reader, seed, case: report.ends, outcome, words });
      else run[outcome]++;
    }
  });
  const patrol = setInterval(() => {
    if (started === undefined) return;
    if (Date.now() - started > 1000 * limits.seconds) ended = "hang";
    else if (memoryOf(child) - before > limits.memory) ended = "memory";
    if (ended !== undefined) child.kill("SIGKILL");
  }, 50);
  return new Promise((resolve, reject) => {
    child.once("exit", (status, signal) => {
      clearInterval(patrol);
      if (status === 0) return resolve(end);
      if (now < from)
        return reject(new Error(`${reader}: cannot read what is whole (${status ?? signal}): ${stderr}`));
      run.failures.push({ reader, seed, case: now, outcome: ended ?? "crash", words: stderr });
      resolve(now + 1);
    });
  });
}

/** Resident bytes of a process; 0 where the system does not tell (there, time alone is watched). */
function memoryOf({ pid }: ChildProcess): number {
  try {
    const [, pages] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
    return Number(pages) * 4096;
  } catch {
    return 0;
  }
}
