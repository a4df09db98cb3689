import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../errors";
import { sweepLeftovers } from "./leftovers";
import { makeFolder } from "./make-folder";
import { outputFile, whyNoFolder } from "./output";
import { markPattern, ownMark } from "./owner";
import { reasonOf } from "./reasons";

/** Names of what `AtomicFile` writes until it is put in place. */
const unfinished = new RegExp(`^\\..+\\.(${markPattern})\\.[0-9a-f]{8}\\.tmp$`);
const swept = new Set<string>();

/**
 * A file that is written piece by piece so that a reader, or a crash, sees the old contents or the new, never a part:
 * the bytes go to a temporary name in the same folder, are synced, and renamed by `commit`. Missing folders are made;
 * what killed processes left in the folder is taken away. A link stays, and what it leads to is replaced.
 * Each step throws a UserError where the folder cannot be written, the disk is full, or a device, pipe or folder stands
 * in the file's place.
 */
export class AtomicFile {
  private readonly path: string;
  private readonly temporary: string;
  private file: number | undefined;

  /** @param named what errors call the file */
  constructor(private readonly named: string) {
    const path = outputFile(named);
    this.path = path;
    this.temporary = temporaryName(path);
    this.attempt(() => {
      makeFolder(dirname(path));
      sweepOnce(dirname(path));
      this.file = openSync(this.temporary, "wx");
    });
  }

  write(part: string | Uint8Array): void {
    const bytes = typeof part === "string" ? Buffer.from(part, "utf8") : part;
    this.attempt(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.file!, bytes, at);
    });
  }

  /** Puts the new contents in place. */
  commit(): void {
    this.attempt(() => {
      fsyncSync(this.file!);
      closeSync(this.file!);
      renameSync(this.temporary, this.path);
      this.file = undefined;
      syncFolder(dirname(this.path));
    });
  }

  /** Takes away what was written, unless it was put in place. */
  discard(): void {
    if (this.file === undefined) return;
    try {
      closeSync(this.file);
    } catch {
      // It was closed before its renaming failed.
    }
    this.file = undefined;
    rmSync(this.temporary, { force: true });
  }

  private attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.discard();
      throw asUserError(this.named, error);
    }
  }
}

/** A name beside a file for what becomes the file; swept away if this process is killed. */
export function temporaryName(path: string): string {
  const beginning = [...basename(path)].slice(0, 40).join(""); // a name has room for 255 bytes
  return join(dirname(path), `.${beginning}.${ownMark()}.${randomBytes(4).toString("hex")}.tmp`);
}

function sweepOnce(folder: string): void {
  if (!swept.has(folder)) sweepLeftovers(folder, unfinished, 1);
  swept.add(folder);
}

/**
 * Writes a file atomically (`AtomicFile`).
 * @param chunks the contents, in order; a generator keeps memory constant
 * @throws UserError where the folder cannot be written or the disk is full
 */
export function writeFileAtomically(
  path: string,
  chunks: string | Uint8Array | Iterable<string | Uint8Array>,
): void {
  const parts = typeof chunks === "string" || chunks instanceof Uint8Array ? [chunks] : chunks;
  const file = new AtomicFile(path);
  try {
    for (const part of parts) file.write(part);
    file.commit();
  } finally {
    file.discard();
  }
}

/** A rename is durable only once its folder is synced; not every platform lets a folder be opened. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, "r");
    fsyncSync(handle);
    closeSync(handle);
  } catch {
    // Windows refuses; the rename itself is still atomic there.
  }
}

/** A UserError for a path that cannot be written because of permissions, space or what stands there; else the error itself. */
export function asUserError(path: string, error: unknown): unknown {
  const reason = reasonOf(whyNoFolder(path, error), "write");
  if (reason === undefined) return error;
  return new UserError(
    `cannot write ${path}: ${reason}`,
    "Choose another folder or make room, then run again.",
    {
      cause: error,
    },
  );
}
