import * as tf from "@tensorflow/tfjs";
import { type Decoder, HIDDEN, type KeyValues } from "../../../networks";
import type { TitleTrie } from "./title-trie";

/** A person-year whose titles are scored. */
export interface PersonYear {
  /** Its number in the batch. */
  index: number;
  /** Row of its career in the pass over the careers. */
  career: number;
  /** Position of the colon, after which the title is to come. */
  colon: number;
  /**
   * Trie nodes on the way to the title that happened, the root first: the career's own tokens are theirs. Where the
   * text words it otherwise, as far as the words begin alike.
   */
  path: readonly number[];
  /** Trie nodes on the way to the title that happened, however the text words it. */
  happened: readonly number[];
}

/** A trie node to be read for a person-year. */
export interface Query {
  year: PersonYear;
  node: number;
}

/** A row of trie nodes that are read after one career, pass by pass. */
export class TreeRow {
  /** Place, among the row's keys that are no career's, of each node read so far. */
  private readonly places: Map<number, number>;

  /**
   * @param career row in the pass over the careers
   * @param queries what the next pass is to read, ancestors before their descendants
   */
  constructor(
    readonly career: number,
    readonly queries: readonly Query[],
    places?: ReadonlyMap<number, number>,
  ) {
    this.places = new Map(places);
  }

  /** The row in the next pass, with some of what is to be read there. */
  continued(queries: readonly Query[]): TreeRow {
    return new TreeRow(this.career, queries, this.places);
  }

  /** Tokens of the career that the row's queries see. */
  reach(trie: TitleTrie): number {
    return this.queries.reduce((most, query) => Math.max(most, seenOfCareer(trie, query)), 0);
  }

  place(trie: TitleTrie, { year, node }: Query): number {
    return this.places.get(year.index * trie.nodes.length + node)!;
  }

  setPlace(trie: TitleTrie, { year, node }: Query, place: number): void {
    this.places.set(year.index * trie.nodes.length + node, place);
  }
}

/** Tokens of its career that a node sees: up to the colon, and as far as its own prefix is the observed title's. */
function seenOfCareer(trie: TitleTrie, { year, node }: Query): number {
  let ancestor = node;
  while (year.path[trie.nodes[ancestor].depth] !== ancestor) ancestor = trie.nodes[ancestor].parent;
  return year.colon + 1 + trie.nodes[ancestor].depth;
}

/**
 * Reads the queries of some rows: each node sees its career up to the colon and its own ancestors.
 * @param past keys and values: `reach` tokens of each row's career, then what earlier passes read
 * @returns activations (R·Q, D), where Q is the most queries of a row, and the keys and values of all
 */
export function readRows(
  decoder: Decoder,
  trie: TitleTrie,
  rows: readonly TreeRow[],
  past: readonly KeyValues[],
  reach: number,
): { hidden: tf.Tensor2D; present: KeyValues[]; queriesPerRow: number } {
  const Q = Math.max(...rows.map(({ queries }) => queries.length));
  const before = past[0].keys.shape[3];
  const S = before + Q;
  const ids = new Int32Array(rows.length * Q);
  const positions = new Int32Array(rows.length * Q);
  const mask = new Float32Array(rows.length * Q * S).fill(HIDDEN);
  rows.forEach((row, r) => {
    row.queries.forEach((query, q) => {
      const { token, depth } = trie.nodes[query.node];
      const cell = r * Q + q;
      ids[cell] = token;
      positions[cell] = query.year.colon + depth;
      row.setPlace(trie, query, before - reach + q);
      mask.fill(0, cell * S, cell * S + seenOfCareer(trie, query));
      for (let node = query.node; !isObserved(trie, query.year, node); node = trie.nodes[node].parent) {
        mask[cell * S + reach + row.place(trie, { year: query.year, node })] = 0;
      }
    });
  });
  return tf.tidy(() => {
    const batch = {
      ids: tf.tensor1d(ids, "int32"), // (R·Q)
      positions: tf.tensor1d(positions, "int32"), // (R·Q)
      mask: tf.tensor4d(mask, [rows.length, 1, Q, S]),
      rows: rows.length,
    };
    return { ...decoder.run(batch, past), queriesPerRow: Q };
  });
}

/** Whether the career's own text holds a node: then it needs no query. */
export function isObserved(trie: TitleTrie, { path }: PersonYear, node: number): boolean {
  return path[trie.nodes[node].depth] === node;
}
