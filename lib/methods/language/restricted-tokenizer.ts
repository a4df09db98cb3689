import { UserError } from "../../errors";
import type { Tokenizer } from "../../text";

/**
 * A tokenizer seen through some of its pieces: the same texts in the same pieces, numbered 0, 1, … in the order of
 * `pieces`. A text that needs another piece is an error.
 * @param pieces ids of the whole tokenizer, ascending
 */
export function restrictTokenizer(tokenizer: Tokenizer, pieces: Int32Array): Tokenizer {
  const places = new Map(Array.from(pieces, (id, place) => [id, place]));
  const narrow = (ids: Int32Array) =>
    ids.map((id) => {
      const place = places.get(id);
      if (place !== undefined) return place;
      throw new UserError(
        `the piece ${JSON.stringify(tokenizer.decode([id], { keepSpecial: true }))} is not among the ${pieces.length} that careers of this survey can contain`,
        "Take the model with its whole vocabulary.",
      );
    });
  const widen = (place: number) => {
    if (place in pieces) return pieces[place];
    throw new RangeError(`no token has the id ${place}`);
  };
  const own: Partial<Tokenizer> = {
    vocabularySize: pieces.length,
    bosId: placeOf(places, tokenizer.bosId),
    eosId: placeOf(places, tokenizer.eosId),
    encode: (text, options) => narrow(tokenizer.encode(text, options)),
    encodeWithSpans(text, spans, options) {
      const { ids, tokenSpans } = tokenizer.encodeWithSpans(text, spans, options);
      return { ids: narrow(ids), tokenSpans };
    },
    pieceBytes: (place) => tokenizer.pieceBytes(widen(place)),
    decode: (ids, options) => tokenizer.decode(Array.from(ids, widen), options),
    idOf: (piece) => placeOf(places, tokenizer.idOf(piece)),
    isAdded: (place) => tokenizer.isAdded(widen(place)),
  };
  // Every method asks the whole tokenizer, so that nothing it keeps by id is read by place.
  return Object.assign(Object.create(tokenizer) as Tokenizer, own);
}

function placeOf(places: ReadonlyMap<number, number>, id: number | undefined): number | undefined {
  return id === undefined ? undefined : places.get(id);
}
