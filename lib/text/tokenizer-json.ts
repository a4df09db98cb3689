import { UserError } from "../errors";
import { isObject } from "../files";

/** Ids are places in lists: the largest vocabularies have 2^18 of them. */
const mostIds = 2 ** 24;

/** Most characters of all added tokens together; each takes a node of a tree. */
const mostAdded = 2 ** 20;

/**
 * Checks what the library takes on trust: a vocabulary of distinct ids below 2^24, merges of tokens that are in it.
 * @param path named in the errors
 * @throws UserError
 */
export function checkTokenizerJson(path: string, json: Record<string, unknown>): void {
  const wrong = (what: string) =>
    new UserError(`${path}: ${what}`, "Copy it again from the model it belongs to.");
  const { model, added_tokens: added } = json;
  if (!isObject(model)) throw wrong('not a tokenizer: no "model"');
  if (![undefined, "BPE", "WordPiece", "Unigram"].includes(model.type as string | undefined)) {
    throw wrong(`a model of type ${JSON.stringify(model.type)}; we read BPE, WordPiece and Unigram`);
  }
  let characters = 0;
  if (!Array.isArray(added ?? [])) throw wrong("added_tokens is not a list");
  for (const token of (added as unknown[]) ?? []) {
    if (!isObject(token) || typeof token.content !== "string" || !isId(token.id)) {
      throw wrong("an added token has no content or no id");
    }
    if (token.id >= mostIds) throw wrong(tooLarge(token.id));
    characters += token.content.length;
    if (characters > mostAdded) throw wrong(`its added tokens have more than ${spell(mostAdded)} characters`);
  }
  if (!isObject(model.vocab)) {
    if (Array.isArray(model.vocab)) return; // Unigram: a list, whose places are the ids
    throw wrong("its model has no vocabulary");
  }
  const ids = new Set<unknown>();
  const tokens = Object.entries(model.vocab);
  for (const [token, id] of tokens) {
    if (!isId(id)) throw wrong(`token "${token}" has no valid id`);
    if (id >= mostIds) throw wrong(tooLarge(id));
  }
  for (const [, id] of tokens) {
    if (ids.has(id)) throw wrong(`id ${id} belongs to two tokens`);
    ids.add(id);
  }
  if (model.merges === undefined) {
    if (model.type === "BPE") throw wrong("its model has no merges");
    return;
  }
  if (!Array.isArray(model.merges)) throw wrong("its merges are not a list");
  const vocabulary = new Set(tokens.map(([token]) => token));
  for (const merge of model.merges) {
    const pair: unknown = typeof merge === "string" ? merge.split(" ") : merge;
    if (!Array.isArray(pair) || pair.length !== 2) throw wrong("a merge is not a pair of tokens");
    if (!vocabulary.has(pair[0]) || !vocabulary.has(pair[1]))
      throw wrong(`merge "${pair.join(" ")}" names a token that the vocabulary lacks`);
  }
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function tooLarge(id: number): string {
  return `the token id ${spell(id)} is larger than any vocabulary (${spell(mostIds)})`;
}

function spell(n: number): string {
  return n.toLocaleString("en-US");
}
