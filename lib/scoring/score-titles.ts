import * as tf from "@tensorflow/tfjs";
import { type Decoder, HIDDEN, type KeyValues, type TokenBatch } from "../models/decoder";
import type { EncodedCareer } from "../text/encode";
import { type packRows, toTensors } from "../training/pack";
import { logSoftmax } from "./log-softmax";
import type { Branch, TitleTrie } from "./title-trie";

/** Trie positions that one pass adds to a row, about: more wastes attention, fewer wastes calls. */
const QUERIES_PER_PASS = 128;

/**
 * Log-probability of every title for every person-year of some careers, exactly: one causal pass over the
 * careers keeps keys and values; further passes read the trie's inner nodes from there, for several
 * person-years at a time, each node seeing the career up to its line's colon and its own ancestors.
 * @param trie of J titles
 * @returns for each career (observations, J) row-major, natural logarithms, un-normalised over the titles
 */
export function scoreTitles(
  decoder: Decoder,
  careers: readonly EncodedCareer[],
  trie: TitleTrie,
): Float64Array[] {
  const titles = trie.nodes.reduce((n, node) => n + node.titles.length, 0);
  const scores = careers.map((career) => new Float64Array(career.titles.length * titles)); // (N, J) each
  const years = Math.max(...careers.map((career) => career.titles.length));
  const branches = trie.branches(QUERIES_PER_PASS);
  const largest = Math.max(1, ...branches.map(({ inner }) => inner.length));
  const yearsPerPass = Math.max(1, Math.floor(QUERIES_PER_PASS / largest));
  tf.tidy(() => {
    // One career a row: keys of a row must all be of one text.
    const { batch } = toTensors(rowPerCareer(careers.map((career) => career.ids)));
    const { hidden, present } = decoder.run(batch);
    const length = batch.ids.size / batch.rows;
    for (let from = 0; from < years; from += yearsPerPass) {
      const span = Array.from({ length: Math.min(yearsPerPass, years - from) }, (_, i) => from + i);
      const block = new Float32Array(careers.length * span.length * trie.nodes.length); // (B, years, nodes)
      for (const branch of branches) {
        tf.tidy(() =>
          edgeLogProbabilities(decoder, careers, trie, branch, span, { hidden, present, length }, block),
        );
      }
      careers.forEach((career, row) => {
        span.forEach((year, i) => {
          if (year >= career.titles.length) return;
          const edges = block.subarray((row * span.length + i) * trie.nodes.length);
          addPaths(trie, edges, scores[row].subarray(year * titles, (year + 1) * titles));
        });
      });
    }
  });
  return scores;
}

function rowPerCareer(sequences: Int32Array[]): ReturnType<typeof packRows> {
  const length = Math.max(...sequences.map((ids) => ids.length));
  const cells = sequences.length * length;
  const rows = {
    rows: sequences.length,
    length,
    ids: new Int32Array(cells),
    positions: Int32Array.from({ length: cells }, (_, cell) => cell % length),
    texts: new Int32Array(cells),
    at: new Int32Array(0),
    targets: new Int32Array(0),
  };
  for (const [row, ids] of sequences.entries()) rows.ids.set(ids, row * length);
  return rows;
}

/** What the pass over the careers left: (B·T, D), keys and values by layer, and T. */
interface CareerPass {
  hidden: tf.Tensor2D;
  present: KeyValues[];
  length: number;
}

/**
 * Log-probability of each node's piece given its parent, for the nodes of a branch and some years of each career.
 * @param result (B, years, nodes of the trie), filled in; meaningless where a career has no such year
 */
function edgeLogProbabilities(
  decoder: Decoder,
  careers: readonly EncodedCareer[],
  trie: TitleTrie,
  { inner, nodes }: Branch,
  years: readonly number[],
  { hidden, present, length }: CareerPass,
  result: Float32Array,
): void {
  // Position of the colon, after which the title is to come; a career without the year stands in with its first.
  const colon = (career: EncodedCareer, year: number) => (career.titles[year] ?? career.titles[0]).start - 1;
  const colons = careers.flatMap((career, row) => years.map((year) => row * length + colon(career, year)));
  let states = tf.gather(hidden, tf.tensor1d(colons, "int32")).reshape([careers.length, years.length, 1, -1]); // (B, Y, 1, D)
  if (inner.length > 0) {
    const batch = trieBatch(careers, trie, inner, years, length, colon);
    const read = decoder.run(batch, present).hidden; // (B·Y·I, D)
    states = tf.concat([states, read.reshape([careers.length, years.length, inner.length, -1])], 2); // (B, Y, 1 + I, D)
  }
  const width = states.shape[3]!;
  const logP = logSoftmax(decoder.logits(states.reshape([-1, width]))); // (B·Y·(1 + I), V)

  // Each edge is one number of one row: the row of its parent, the column of its piece.
  const rowOf = new Map([[0, 0], ...inner.map((node, i): [number, number] => [node, i + 1])]);
  const V = decoder.config.vocabularySize;
  const cases = careers.length * years.length;
  const indices = new Int32Array(cases * nodes.length);
  for (let c = 0, at = 0; c < cases; c++) {
    for (const node of nodes) {
      const { parent, piece } = trie.nodes[node];
      indices[at++] = (c * (1 + inner.length) + rowOf.get(parent)!) * V + piece;
    }
  }
  const values = tf.gather(logP.flatten(), tf.tensor1d(indices, "int32")).dataSync(); // (B·Y·edges)
  for (let c = 0, at = 0; c < cases; c++) {
    for (const node of nodes) {
      result[c * trie.nodes.length + node] = values[at++];
    }
  }
}

/** A branch's inner nodes after each of some years, as texts that go on from the careers. */
function trieBatch(
  careers: readonly EncodedCareer[],
  trie: TitleTrie,
  inner: readonly number[],
  years: readonly number[],
  length: number,
  colon: (career: EncodedCareer, year: number) => number,
): TokenBatch {
  const index = new Map(inner.map((node, i) => [node, i]));
  const Q = years.length * inner.length;
  const S = length + Q;
  const rows = careers.length;
  const ids = new Int32Array(rows * Q);
  const positions = new Int32Array(rows * Q);
  const bias = new Float32Array(rows * Q * S).fill(HIDDEN);
  careers.forEach((career, row) => {
    years.forEach((year, y) => {
      const start = colon(career, year);
      inner.forEach((node, i) => {
        const query = row * Q + y * inner.length + i;
        ids[query] = trie.nodes[node].piece;
        positions[query] = start + trie.nodes[node].depth;
        bias.fill(0, query * S, query * S + start + 1);
        for (let seen = node; seen > 0; seen = trie.nodes[seen].parent) {
          bias[query * S + length + y * inner.length + index.get(seen)!] = 0;
        }
      });
    });
  });
  return {
    ids: tf.tensor1d(ids, "int32"), // (B·Q)
    positions: tf.tensor1d(positions, "int32"), // (B·Q)
    bias: tf.tensor4d(bias, [rows, 1, Q, S]),
    rows,
  };
}

/** Chain rule: a title's log-probability is the sum over the edges on its way from the root. */
function addPaths(trie: TitleTrie, edges: Float32Array, scores: Float64Array): void {
  const sums = new Float64Array(trie.nodes.length);
  for (let node = 1; node < trie.nodes.length; node++) {
    sums[node] = sums[trie.nodes[node].parent] + edges[node];
    for (const title of trie.nodes[node].titles) scores[title] = sums[node];
  }
}
