import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

let scripts = 0;

/** Writes a program into a folder; `from(module)` in it loads a module of labor-llm/dist. */
export function childScript(folder: string, program: string): string {
  const path = join(folder, `child-${scripts++}.cjs`);
  const dist = join(require.resolve("labor-llm/dist/errors"), "..");
  writeFileSync(path, `const from = (name) => require(${JSON.stringify(dist)} + "/" + name);\n${program}\n`);
  return path;
}

/** Starts a program and waits until it has written its first line to standard output. */
export async function startedScript(
  script: string,
  args: string[] = [],
): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = (await once(child.stdout!, "data")) as [Buffer];
  return { child, line: text.toString().trim() };
}

/** Kills a process as a machine does that is out of memory, and waits for its end. */
export async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** Whether this user may start a process in a process namespace of its own, as a container does. */
export function canUnshare(): boolean {
  if (spawnSync("unshare", ["-pf", "--mount-proc", "true"]).status === 0) return true;
  console.log("      skipped: unshare is not allowed or not there");
  return false;
}

/** Waits until something is so; a test's own limit of time ends it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(50);
}

/** Whether a process runs; one that has ended and that nobody has asked for does not. */
export function runs(pid: number): boolean {
  const { status, stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return status === 0 && !stdout.startsWith("Z");
}
