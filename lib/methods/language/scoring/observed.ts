import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import type { Career } from "../../../careers";
import type { Decoder } from "../../../networks";
import type { TitleSet } from "../../../occupations";
import { type ObservedScores, type PredictOptions, personYearRows } from "../../../predictions";
import { stage } from "../../../stages";
import type { CareerWindow, EncodedCareer } from "../../../text";
import { readCareers } from "./career-pass";
import { tokenLogProbabilities } from "./token-probabilities";

/** Careers read side by side, if they are not too long. */
const CAREERS_PER_PASS = 8;
/** Tokens that are read side by side, but of one text alone. */
const TOKENS_PER_PASS = 16384;

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
  let from = 0;
  const step = stage("reading careers with the model", order.length, "texts");
  while (from < order.length) {
    const members = order.slice(from, from + CAREERS_PER_PASS);
    // The last is the longest: all take as much room as it.
    while (members.length > 1 && members.length * careers[members.at(-1)!].ids.length > TOKENS_PER_PASS) {
      members.pop();
    }
    from += members.length;
    tf.tidy(() => {
      const texts = members.map((i) => careers[i]);
      const { hidden, length } = readCareers(decoder, texts);
      const cells: number[] = [];
      const tokens: number[] = [];
      texts.forEach(({ ids, titles }, row) => {
        for (const { start, end } of titles) {
          for (let at = start; at < end; at++) {
            cells.push(row * length + at - 1);
            tokens.push(ids[at]);
          }
        }
      });
      const states = tf.gather(hidden, tf.tensor1d(cells, "int32")); // (tokens, D)
      const logP = tokenLogProbabilities(decoder, states, { rows: cells.map((_, row) => row), tokens });
      let e = 0;
      texts.forEach(({ titles }, m) => {
        titles.forEach(({ start, end }, n) => {
          for (let at = start; at < end; at++) result[members[m]][n] += logP[e++];
        });
      });
    });
    step(from);
    await setImmediate();
  }
  return result;
}

/** Log-probability of the titles that happened, by the texts in which careers are read: natural logarithms, (N). */
async function observedOf(
  decoder: Decoder,
  careers: readonly Career[],
  windowsOf: (career: Career) => readonly CareerWindow[],
): Promise<Float64Array> {
  const step = stage("tokenizing careers", careers.length, "persons");
  const windows = careers.flatMap((career, i) => {
    step(i);
    return windowsOf(career);
  });
  const found = await observedLogProbability(
    decoder,
    windows.map(({ encoded }) => encoded),
  );
  return Float64Array.from(
    windows.flatMap(({ from, fresh }, w) => Array.from(found[w].subarray(fresh - from))),
  );
}

/** What a language model says of the titles that happened (`OccupationModel.score`). */
export async function scoreByTexts(
  decoder: Decoder,
  titles: TitleSet,
  windowsOf: (career: Career) => readonly CareerWindow[],
  careers: readonly Career[],
  { onProgress }: PredictOptions = {},
): Promise<ObservedScores> {
  const found = await observedOf(decoder, careers, windowsOf);
  onProgress?.(found.length, found.length);
  // In single precision, as a distribution holds them.
  return {
    ...personYearRows(careers, titles),
    observedLogProbability: Float64Array.from(found, Math.fround), // (N)
  };
}
