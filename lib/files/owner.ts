import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/*
 * A process's number is given again: after its end, after a restart, and in every container, where it is often 1. What
 * a process owns on disk therefore bears its mark: its number, the place where that number means something (a boot of
 * a machine, a container), and when the process began.
 */

/** Matches a mark, `NUMBER-PLACE-BIRTH`. */
export const markPattern = "\\d+-[0-9a-f]{8}-[0-9a-z]+";

/** What is known of the process that a mark names. */
export type Fate = "alive" | "dead" | "unknown";

let own: string | undefined;

/** This process's own mark: no other process, here or elsewhere, before or after, has the same. */
export function ownMark(): string {
  own ??= `${process.pid}-${place()}-${birthOf("self") ?? randomBytes(8).toString("hex")}`;
  return own;
}

/** The number in a mark. */
export function processOf(mark: string): number {
  return Number(mark.split("-")[0]);
}

/**
 * Whether the process that a mark names still runs. Unknown where it cannot be seen from here: on another machine,
 * in another container or before a restart; on macOS and Windows also where some process has its number.
 */
export function fateOf(mark: string): Fate {
  if (mark === ownMark()) return "alive";
  const [pid, where, born] = mark.split("-");
  const [ownPid, here] = ownMark().split("-");
  if (where !== here) return "unknown";
  if (pid === ownPid) return "dead"; // the number is ours now
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "dead";
  }
  const found = birthOf(pid);
  if (found === undefined) return "unknown";
  return found === born ? "alive" : "dead";
}

/** Where this process's number means something: the boot and the container on Linux, else the machine. */
function place(): string {
  let known: string[];
  try {
    known = [readFileSync("/proc/sys/kernel/random/boot_id", "utf8"), readlinkSync("/proc/self/ns/pid")];
  } catch {
    known = [process.platform, hostname()];
  }
  return createHash("sha256").update(known.join()).digest("hex").slice(0, 8);
}

/** When a process began, on Linux; "0" of one that has ended and whose parent has not looked; undefined if unknown. */
function birthOf(pid: string): string | undefined {
  try {
    // proc(5): the number, the name in brackets, which may hold anything, the state, ..., 22nd the start in ticks.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (pid === "self" && Number.parseInt(stat, 10) !== process.pid) return undefined; // another container's /proc
    if (/[ZX]/.test(fields[0])) return "0";
    return /^[1-9]\d*$/.test(fields[19]) ? Number(fields[19]).toString(36) : undefined;
  } catch {
    return undefined;
  }
}
