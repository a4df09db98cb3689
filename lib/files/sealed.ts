import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { DamagedFile } from "../errors";
import { writeFileAtomically } from "./atomic";
import { asReadError, isObject } from "./read";

/** SHA-256 of a value, by what JSON says of it, hexadecimal. */
export function sealOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/** Writes a value as JSON with its digest, by which `readSealed` knows it again. @throws UserError as `writeFileAtomically` */
export function writeSealed(path: string, value: object): void {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  writeFileAtomically(path, `${JSON.stringify({ sha256: sealOf(plain), value: plain }, null, 1)}\n`);
}

/**
 * The value that `writeSealed` wrote.
 * @throws DamagedFile where a byte that matters is not as it was written
 * @throws UserError where the file cannot be read
 */
export function readSealed<Value extends object>(path: string): Value {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw asReadError(path, error);
  }
  const { sha256, value } = parsed(text);
  if (!isObject(value) || sha256 !== sealOf(value)) throw damaged(path);
  return value as Value;
}

/** The error for a file that is not as it was written. */
export function damaged(path: string, cause?: unknown): DamagedFile {
  return new DamagedFile(
    `${path}: damaged (it is not as it was written)`,
    "Delete it; it is computed again.",
    {
      cause,
    },
  );
}

function parsed(text: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text);
    return isObject(found) ? found : {};
  } catch {
    return {};
  }
}
