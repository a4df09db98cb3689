import { UserError } from "../../errors";
import type { Tokenizer } from "../../text";

/**
 * A tokenizer seen through some of its tokens: the same texts in the same tokens, numbered 0, 1, … in the order of
 * `tokens`. A text that needs another token is an error.
 * @param tokens ids of the whole tokenizer, ascending
 */
export function restrictTokenizer(tokenizer: Tokenizer, tokens: Int32Array): Tokenizer {
  const places = new Map(Array.from(tokens, (id, place) => [id, place]));
  const narrow = (ids: Int32Array) =>
    ids.map((id) => {
      const place = places.get(id);
      if (place !== undefined) return place;
      throw new UserError(
        `the token ${JSON.stringify(tokenizer.decode([id], { keepSpecial: true }))} is not among the ${tokens.length} that careers of this survey can contain`,
        "Take the model with its whole vocabulary.",
      );
    });
  const widen = (place: number) => {
    if (place in tokens) return tokens[place];
    throw new RangeError(`no token has the id ${place}`);
  };
  const own: Partial<Tokenizer> = {
    vocabularySize: tokens.length,
    bosId: placeOf(places, tokenizer.bosId),
    eosId: placeOf(places, tokenizer.eosId),
    encode: (text, options) => narrow(tokenizer.encode(text, options)),
    encodeWithSpans(text, spans, options) {
      const { ids, tokenSpans } = tokenizer.encodeWithSpans(text, spans, options);
      return { ids: narrow(ids), tokenSpans };
    },
    tokenBytes: (place) => tokenizer.tokenBytes(widen(place)),
    decode: (ids, options) => tokenizer.decode(Array.from(ids, widen), options),
    idOf: (token) => placeOf(places, tokenizer.idOf(token)),
    isAdded: (place) => tokenizer.isAdded(widen(place)),
  };
  // Every method asks the whole tokenizer, so that nothing it keeps by id is read by place.
  return Object.assign(Object.create(tokenizer) as Tokenizer, own);
}

function placeOf(places: ReadonlyMap<number, number>, id: number | undefined): number | undefined {
  return id === undefined ? undefined : places.get(id);
}
