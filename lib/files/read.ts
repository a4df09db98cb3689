import { closeSync, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { UserError } from "../errors";
import { plainly } from "../quote";
import { parseJson } from "./json";
import { reasonOf } from "./reasons";
import { checkNotStandIn } from "./stand-in";

/** The user's side of a failed open or read, as a `UserError`; any other error as it came. */
export function asReadError(path: string, error: unknown, remedy?: string): unknown {
  if ((error as NodeJS.ErrnoException).code === "ENOENT" && isLink(path)) {
    const whole = "Copy the files that links point to as well (cp -rL), or download it again.";
    return new UserError(`${path}: a link to a file that is not there`, whole, { cause: error });
  }
  const reason = reasonOf(error, "read");
  return reason === undefined ? error : new UserError(`${path}: ${reason}`, remedy, { cause: error });
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** The largest JSON that is read, in bytes: a model's tokenizer takes 35 MB, a notebook with figures a few. */
export const largestJson = 2 ** 28;

/**
 * A file's bytes, whole. Reads what says no size of its own, such as a pipe, too.
 * @throws UserError where it cannot be read, or has more than `most` bytes
 */
export function readWhole(path: string, most: number, remedy?: string): Buffer {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const { size } = fstatSync(file);
    if (size > most) throw tooLarge(path, most, remedy);
    // One byte more than it says: a file that ends where it should then needs no larger buffer.
    let bytes = Buffer.allocUnsafe(Math.max(size + 1, 1 << 16));
    let length = 0;
    for (;;) {
      const got = readSync(file, bytes, length, bytes.length - length, null);
      if (got === 0) return bytes.subarray(0, length);
      length += got;
      if (length > most) throw tooLarge(path, most, remedy);
      if (length === bytes.length) bytes = Buffer.concat([bytes], 2 * length);
    }
  } catch (error) {
    throw asReadError(path, error, remedy);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function tooLarge(path: string, most: number, remedy = "Check its name."): UserError {
  return new UserError(
    `${path}: the file is larger than ${most / 2 ** 20} MiB, too large for its kind`,
    remedy,
  );
}

/**
 * The object in a JSON file.
 * @throws UserError where the file cannot be read, is larger than `largestJson`, is not JSON or nested too deep, or
 * holds something other than an object
 */
export function readJsonObject(path: string, remedy?: string): Record<string, unknown> {
  const text = readWhole(path, largestJson, remedy).toString("utf8");
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    checkNotStandIn(path, Buffer.from(text));
    throw new UserError(`${path}: not valid JSON (${plainly((error as Error).message)})`, remedy, {
      cause: error,
    });
  }
  if (!isObject(value)) throw new UserError(`${path}: holds no JSON object`, remedy);
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
