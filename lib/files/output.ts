import {
  accessSync,
  type BigIntStats,
  constants,
  lstatSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { UserError } from "../errors";
import { isFolder } from "./kind";
import { reasonOf } from "./reasons";

/** What a command's output must not touch, and what it may replace. */
export interface OutputRules {
  /** Files and folders that the same work reads; those that do not exist are passed over. */
  inputs?: readonly string[];
  /** Whether the product wrote what is there: it may then be replaced. Default: never. */
  isOurs?: (path: string) => boolean;
  /** Replaces what the product did not write. Inputs, and what is no regular file, are safe from this too. */
  force?: boolean;
}

/**
 * Checks that a file may be written: what stands there, links followed, is a regular file or nothing, is no input and
 * in no folder that is read, and is empty or the product's own unless `force`.
 * @throws UserError
 */
export function checkOutputFile(path: string, { inputs = [], isOurs, force }: OutputRules): void {
  const target = outputFile(path);
  const input = inputs.find((one) => isOrHolds(one, target));
  if (input !== undefined) throw overInput(path, input, isFolder(input) ? "lies in" : "is");
  if (force || !isThere(target)) return;
  if (statSync(target).size === 0 || isOurs?.(target)) return;
  throw new UserError(
    `${path}: a file is there that labor-llm did not write`,
    "Choose another path, or give --force to replace it.",
  );
}

/**
 * Checks that a folder may be written into: it is not there, or it is a folder that holds no input, and that is empty
 * (hidden files apart) or the product's own unless `force`.
 * @throws UserError
 */
export function checkOutputFolder(path: string, { inputs = [], isOurs, force }: OutputRules): void {
  checkNamed(path);
  const found = known(path, () => statSync(path, { throwIfNoEntry: false }));
  if (found === undefined) return;
  if (!found.isDirectory())
    throw new UserError(`cannot write ${path}: ${kindOf(found)} stands there, not a folder`);
  const names = known(path, () => readdirSync(path));
  known(path, () => accessSync(path, constants.W_OK));
  for (const input of inputs) {
    if (isOrHolds(path, input)) throw overInput(path, input, isOrHolds(input, path) ? "is" : "holds");
    const name = names.find((one) => isOrHolds(input, join(path, one)) && !isOrHolds(input, path));
    if (name !== undefined) throw overInput(join(path, name), input, "leads to");
  }
  const others = names.filter((name) => !name.startsWith("."));
  if (force || others.length === 0 || isOurs?.(path)) return;
  throw new UserError(
    `${path}: the folder holds files that labor-llm did not write (${listed(others)})`,
    "Choose another folder, or give --force to write beside them and over those of the same name.",
  );
}

/**
 * The file that writing to a path makes or replaces: what links lead to, also where that is not there yet.
 * @throws UserError where the path is empty, cannot be looked up, or leads to what is no regular file
 */
export function outputFile(path: string): string {
  checkNamed(path);
  if (/[\\/]$/.test(path) && basename(path) !== "")
    throw new UserError(`cannot write ${path}: it names a folder`, another);
  return known(path, () => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile()) return realpathSync(path);
    if (found !== undefined)
      throw new UserError(`cannot write ${path}: ${kindOf(found)} stands there`, another);
    let target = path;
    // A link whose target is missing; a circle has failed above.
    while (lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink()) {
      target = resolve(realpathSync(dirname(target)), readlinkSync(target));
    }
    return target;
  });
}

/** Where `mkdir -p` fails, the system names no reason: the first folder that is there says whether it may be written. */
export function whyNoFolder(path: string, error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") return error;
  let folder = resolve(path);
  while (statSync(folder, { throwIfNoEntry: false }) === undefined && folder !== dirname(folder)) {
    folder = dirname(folder);
  }
  try {
    accessSync(folder, constants.W_OK);
    return error;
  } catch (refusal) {
    return refusal;
  }
}

/** The first few of some names. */
function listed(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and others` : names.join(", ");
}

const another = "Choose the path of a file.";

function checkNamed(path: string): void {
  if (path === "") throw new UserError("the path of the output is empty", "Give the path to write to.");
}

function overInput(path: string, input: string, how: string): UserError {
  return new UserError(`cannot write ${path}: it ${how} the input ${input}`, "Choose another path.");
}

function kindOf(found: ReturnType<typeof statSync> & object): string {
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a pipe";
  if (found.isSocket()) return "a socket";
  return found.isFile() ? "a file" : "a device";
}

/** Whether one path is the other, by whatever name or link, or a folder that holds it at any depth. */
function isOrHolds(outer: string, path: string): boolean {
  const [whole, part] = [identity(outer), identity(path)];
  if (whole === undefined) return false;
  if (part !== undefined && same(whole, part)) return true;
  if (!whole.isDirectory()) return false;
  const within = relative(realpathSync(outer), realPlace(path));
  if (within === "" || !(within.startsWith("..") || isAbsolute(within))) return true;
  // A file of several names may have one in the folder.
  if (!part?.isFile() || part.nlink < 2n) return false;
  return readdirSync(outer, { recursive: true, encoding: "utf8" }).some((name) => {
    const inside = identity(join(outer, name));
    return inside !== undefined && same(inside, part);
  });
}

function same(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

function identity(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false, bigint: true });
  } catch {
    return undefined; // what cannot be looked up is neither read nor written: that fails by itself
  }
}

/** A path without links, also where its last parts are not there yet. */
function realPlace(path: string): string {
  const whole = resolve(path);
  if (isThere(whole) || whole === dirname(whole)) return realpathSync(whole);
  return join(realPlace(dirname(whole)), basename(whole));
}

function isThere(path: string): boolean {
  return identity(path) !== undefined;
}

function known<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    const reason = reasonOf(error, "write");
    if (reason === undefined) throw error;
    throw new UserError(`cannot write ${path}: ${reason}`, "Choose another path.", { cause: error });
  }
}
