import { constants } from "node:buffer";
import { availableMemory } from "node:process";
import { UserError } from "../errors";

/**
 * To be called before a file's own numbers decide how much memory is taken.
 * @param what takes the memory: `model.gguf: tensor "a"`
 * @throws UserError where one array cannot hold as many bytes, or they are not free
 */
export function checkMemory(what: string, bytes: number): void {
  const free = Math.min(availableMemory(), constants.MAX_LENGTH);
  if (bytes <= free) return;
  const gigabytes = (n: number) => (n / 1e9).toLocaleString("en-US", { maximumFractionDigits: 1 });
  throw new UserError(
    `${what} takes ${gigabytes(bytes)} GB of memory, more than the ${gigabytes(free)} GB that it can have`,
    "Take a smaller file, or a machine with more free memory.",
  );
}
