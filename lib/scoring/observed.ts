import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import type { Decoder } from "../models/decoder";
import type { EncodedCareer } from "../text/encode";
import { readCareers } from "./career-pass";
import { pieceLogProbabilities } from "./piece-probabilities";

/** Careers read side by side. */
const CAREERS_PER_PASS = 8;

/**
 * Log-probability of the titles that happened, and of nothing else: one causal pass over the careers. Equal to
 * what `scoreTitles` gives for these titles.
 * @returns for each career (observations), natural logarithms
 */
export async function observedLogProbability(
  decoder: Decoder,
  careers: readonly EncodedCareer[],
): Promise<Float64Array[]> {
  const result = careers.map(({ titles }) => new Float64Array(titles.length));
  const order = careers
    .map((_, i) => i)
    .sort((a, b) => careers[a].ids.length - careers[b].ids.length || a - b);
  for (let from = 0; from < order.length; from += CAREERS_PER_PASS) {
    const members = order.slice(from, from + CAREERS_PER_PASS);
    tf.tidy(() => {
      const texts = members.map((i) => careers[i]);
      const { hidden, length } = readCareers(decoder, texts);
      const cells: number[] = [];
      const pieces: number[] = [];
      texts.forEach(({ ids, titles }, row) => {
        for (const { start, end } of titles) {
          for (let at = start; at < end; at++) {
            cells.push(row * length + at - 1);
            pieces.push(ids[at]);
          }
        }
      });
      const states = tf.gather(hidden, tf.tensor1d(cells, "int32")); // (pieces, D)
      const logP = pieceLogProbabilities(decoder, states, { rows: cells.map((_, row) => row), pieces });
      let e = 0;
      texts.forEach(({ titles }, m) => {
        titles.forEach(({ start, end }, n) => {
          for (let at = start; at < end; at++) result[members[m]][n] += logP[e++];
        });
      });
    });
    await setImmediate();
  }
  return result;
}
