import { UserError } from "../errors";
import type { Tokenizer } from "./tokenizer";

/**
 * Checks that a tokenizer has a token before the first of a text: every career begins with it.
 * @param name of its file, for the error
 * @throws UserError
 */
export function checkBegin(tokenizer: Tokenizer, name: string): void {
  if (tokenizer.bosId !== undefined) return;
  throw new UserError(
    `${name}: no begin-of-text token, with which every career begins`,
    "Name one as bos_token in tokenizer_config.json, or its id as bos_token_id in config.json.",
  );
}

/**
 * Checks that a tokenizer keeps the end of a line: a career has a line a year, and a title's score ends with it.
 * @param name of its file, for the error
 * @throws UserError
 */
export function checkEndOfLine(tokenizer: Tokenizer, name: string): void {
  const ids = tokenizer.encode("Cook\nCook\n");
  const bytes = Buffer.concat(Array.from(ids, (id) => tokenizer.tokenBytes(id)));
  if (bytes.filter((byte) => byte === 0x0a).length === 2) return;
  throw new UserError(
    `${name}: no token for the end of a line`,
    "Careers are read line by line; take a model whose tokenizer can write them.",
  );
}
