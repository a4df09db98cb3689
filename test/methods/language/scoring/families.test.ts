import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { scoreTitles } from "labor-llm/dist/methods/language/scoring/score-titles";
import { TitleTrie } from "labor-llm/dist/methods/language/scoring/title-trie";
import { openHuggingFaceFolder } from "labor-llm/dist/networks/checkpoints/hugging-face";
import type { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";
import { readDecoder } from "labor-llm/dist/networks/decoder/read-decoder";
import type { EncodedCareer } from "labor-llm/dist/text/encode";
import { expectClose } from "../../../support/close";
import { fixture } from "../../../support/paths";

/** Titles that share beginnings; token 1 ends each. */
const titles = [
  [7, 8, 1],
  [7, 8, 9, 1],
  [7, 10, 11, 12, 13, 14, 15, 16, 1],
  [20, 1],
  [21, 22, 1],
];

/** A career whose years each have two tokens before the title. */
function career(order: readonly number[]): EncodedCareer {
  const ids = [2];
  const places = order.map((title, year) => {
    ids.push(30 + year, 40);
    const start = ids.length;
    ids.push(...titles[title]);
    return { start, end: ids.length };
  });
  return { ids: Int32Array.from(ids), titles: places };
}

/** Log-probability of each title after what comes before it, by a text of its own: (years, J). */
function naive(decoder: Decoder, { ids, titles: places }: EncodedCareer): number[] {
  return places.flatMap(({ start }) =>
    titles.map((title) =>
      tf.tidy(() => {
        const text = Int32Array.from([...ids.slice(0, start), ...title]);
        const hidden = decoder.hidden(toTensors(packRows([text], 1e9)).batch);
        const logP = tf.logSoftmax(decoder.logits(hidden)).arraySync() as number[][];
        return title.reduce((sum, token, i) => sum + logP[start + i - 1][token], 0);
      }),
    ),
  );
}

describe("Scoring through the trie", () => {
  for (const name of ["llama-2-tiny", "llama-3-tiny", "gemma-3-tiny"]) {
    it(`gives each title what a text of its own gives, in every family: ${name}`, async () => {
      const decoder = readDecoder(openHuggingFaceFolder(fixture(name)), join(fixture(name), "config.json"));
      const careers = [career([2, 0, 1, 3, 2]), career([3, 4]), career([1, 1, 2])];
      const { logProbability } = await scoreTitles(decoder, careers, new TitleTrie(titles));
      for (const [i, one] of careers.entries()) expectClose(logProbability[i], naive(decoder, one), 1e-4);
      decoder.dispose();
    });
  }
});
