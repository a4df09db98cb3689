import { createHash } from "node:crypto";
import { fileChunks } from "./chunks";

/** SHA-256 of a file, hexadecimal; read in pieces. @throws UserError if it cannot be read */
export function fileDigest(path: string): string {
  const hash = createHash("sha256");
  for (const chunk of fileChunks(path)) hash.update(chunk);
  return hash.digest("hex");
}

/** A short digest of a value, by what JSON says of it. */
export function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 24);
}
