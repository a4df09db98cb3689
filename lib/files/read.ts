import { readFileSync } from "node:fs";
import { UserError } from "../errors";
import { reasonOf } from "./reasons";

/** The user's side of a failed open or read, as a `UserError`; any other error as it came. */
export function asReadError(path: string, error: unknown, remedy?: string): unknown {
  const reason = reasonOf(error, "read");
  return reason === undefined ? error : new UserError(`${path}: ${reason}`, remedy, { cause: error });
}

/**
 * The object in a JSON file.
 * @throws UserError where the file cannot be read, is not JSON, or holds something other than an object
 */
export function readJsonObject(path: string, remedy?: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw asReadError(path, error, remedy);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path}: not valid JSON (${(error as Error).message})`, remedy, { cause: error });
  }
  if (!isObject(value)) throw new UserError(`${path}: holds no JSON object`, remedy);
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
