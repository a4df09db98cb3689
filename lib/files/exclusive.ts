import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { UserError } from "../errors";
import { asUserError, temporaryName } from "./atomic";
import { startHeartbeat } from "./heartbeat";
import { makeFolder } from "./make-folder";
import { fateOf, markPattern, ownMark, processOf } from "./owner";

/** Milliseconds between two looks at a lock that another holds. */
const PATIENCE = 250;

/** Who holds a lock. */
export interface Holder {
  /** The lock file. */
  path: string;
  /** Number and machine of the process; undefined where the file does not say. */
  process?: number;
  host?: string;
  /** ISO 8601; undefined where the file does not say. */
  since?: string;
}

export interface ExclusiveOptions {
  /** Called once where another is known to hold the lock. What it throws ends the wait. */
  onHeld?: (holder: Holder) => void;
  /**
   * Seconds for which a lock must have lain untouched under our eyes before it is taken over, where its holder cannot
   * be seen from here (another machine or container, or a restart). A holder touches its lock every two seconds.
   */
  untouched?: number;
  /** Seconds after which the wait is given up. Default a day. */
  limit?: number;
}

/**
 * Does some work while nobody else does work under the same lock file, in this process, another one, another container
 * or, on a shared disk, another machine. A lock whose process is seen to have ended is taken over at once; one whose
 * process cannot be seen, when nobody has touched it for half a minute, which standard error says. Only time in which this process was
 * awake counts, and no clocks are compared, so that neither a suspended machine nor a wrong clock frees a lock.
 * @param path of the lock file; its folder is made
 * @throws UserError where the lock cannot be written or the wait takes too long, and as `work` and `onHeld`
 */
export async function exclusively<Result>(
  path: string,
  work: () => Promise<Result>,
  options: ExclusiveOptions = {},
): Promise<Result> {
  const content = await take(path, options);
  held.set(content, path);
  const stopHeartbeat = startHeartbeat(path);
  try {
    return await work();
  } finally {
    stopHeartbeat();
    release(content, path);
  }
}

/** In words: process 12 on HOST, since 2026-01-31T10:00:00.000Z (FILE). */
export function describeHolder({ process: pid, host, since, path }: Holder): string {
  const who = pid === undefined ? "a process that is not named" : `process ${pid} on ${host}`;
  return `${who}${since === undefined ? "" : `, since ${since}`} (${path})`;
}

/** What this process holds: a lock's path by its contents. */
const held = new Map<string, string>();
process.on("exit", () => {
  for (const [content, path] of held) release(content, path);
});

function release(content: string, path: string): void {
  held.delete(content);
  // Of a process that was stopped for long another may have taken it.
  if (look(path)?.content === content) rmSync(path, { force: true });
}

async function take(
  path: string,
  { onHeld, untouched = 30, limit = 86_400 }: ExclusiveOptions,
): Promise<string> {
  const content = `${JSON.stringify({
    owner: ownMark(),
    host: hostname(),
    since: new Date().toISOString(),
    token: randomBytes(8).toString("hex"),
  })}\n`;
  const watch = new Watch(untouched);
  let [saidUnseen, saidHeld] = [false, false];
  for (const started = performance.now(); !claim(path, content, watch); ) {
    const seen = look(path);
    if (seen === undefined) continue;
    const holder = holderOf(path, seen);
    if (watch.isHeld(path, seen)) {
      if (!saidHeld) onHeld?.(holder);
      saidHeld = true;
    } else if (!saidUnseen) {
      const until = `it is taken over in ${untouched} s unless its holder touches it`;
      process.stderr.write(`locked by ${describeHolder(holder)}, which cannot be seen from here; ${until}\n`);
      saidUnseen = true;
    }
    if (performance.now() - started > 1000 * limit) {
      throw new UserError(
        `waited ${limit} s for ${describeHolder(holder)}`,
        "End that process, or delete the file if there is none.",
      );
    }
    await setTimeout(PATIENCE);
  }
  return content;
}

/**
 * Takes a lock that is free or left. Whoever takes over a left lock first takes another, named after the contents of
 * the left one, and renames it onto that only if it still lies there: of several that find it left, one gets it.
 */
function claim(path: string, content: string, watch: Watch): boolean {
  const seen = look(path);
  if (seen === undefined) return create(path, content);
  if (!watch.isLeft(path, seen)) return false;
  const succession = `${path}.${createHash("sha256").update(seen.content).digest("hex").slice(0, 16)}`;
  if (!claim(succession, content, watch)) return false;
  if (look(path)?.content === seen.content) {
    renameSync(succession, path);
    return true;
  }
  rmSync(succession, { force: true });
  return false;
}

/** Makes the file with its contents in one step. @returns false where it is there already */
function create(path: string, content: string): boolean {
  const temporary = temporaryName(path);
  try {
    makeFolder(dirname(path));
    writeFileSync(temporary, content, { flag: "wx" });
    try {
      linkSync(temporary, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      // A disk that knows no links: the contents come a moment later.
      writeFileSync(path, content, { flag: "wx" });
    } finally {
      rmSync(temporary, { force: true });
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw asUserError(path, error);
  }
}

interface Seen {
  content: string;
  touched: number;
}

/** A lock as it lies there; undefined where there is none. */
function look(path: string): Seen | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r"); // opening, unlike asking for its times, makes a network's disk look anew
    return { content: readFileSync(file, "utf8"), touched: fstatSync(file).mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw asUserError(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function holderOf(path: string, { content }: Seen): Holder & { mark?: string } {
  try {
    const { owner, host, since } = JSON.parse(content);
    if (!new RegExp(`^${markPattern}$`).test(owner)) return { path };
    return { path, mark: owner, process: processOf(owner), host: String(host), since: String(since) };
  } catch {
    return { path };
  }
}

/** Looks at locks again and again, and judges which are left and which are held. */
class Watch {
  private readonly last = new Map<string, Seen & { at: number; untouched: number; touches: number }>();

  /** @param untouched seconds after which a lock is left whose holder cannot be seen */
  constructor(private readonly untouched: number) {}

  isLeft(path: string, seen: Seen): boolean {
    const fate = this.fate(path, seen);
    return (
      fate === "dead" || (fate === "unknown" && this.observe(path, seen).untouched >= 1000 * this.untouched)
    );
  }

  isHeld(path: string, seen: Seen): boolean {
    const fate = this.fate(path, seen);
    return fate === "alive" || (fate === "unknown" && this.observe(path, seen).touches > 0);
  }

  private fate(path: string, seen: Seen) {
    const { mark } = holderOf(path, seen);
    return mark === undefined ? "unknown" : fateOf(mark);
  }

  private observe(path: string, seen: Seen) {
    const now = performance.now();
    const before = this.last.get(path);
    const same = before?.content === seen.content;
    // A step of longer than a few looks is one in which we, and perhaps the holder, were suspended.
    const step = Math.min(now - (before?.at ?? now), 4 * PATIENCE);
    const still = same && before.touched === seen.touched;
    const observed = {
      ...seen,
      at: now,
      untouched: still ? before.untouched + step : 0,
      touches: same ? before.touches + (still ? 0 : 1) : 0,
    };
    this.last.set(path, observed);
    return observed;
  }
}
