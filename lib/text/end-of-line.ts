import { UserError } from "../errors";
import type { Tokenizer } from "./tokenizer";

/**
 * Checks that a tokenizer keeps the end of a line: a career has a line a year, and a title's score ends with it.
 * @param name of its file, for the error
 * @throws UserError
 */
export function checkEndOfLine(tokenizer: Tokenizer, name: string): void {
  const ids = tokenizer.encode("Cook\nCook\n");
  const bytes = Buffer.concat(Array.from(ids, (id) => tokenizer.pieceBytes(id)));
  if (bytes.filter((byte) => byte === 0x0a).length === 2) return;
  throw new UserError(
    `${name}: no piece for the end of a line`,
    "Careers are read line by line; take a model whose tokenizer can write them.",
  );
}
