// Fine-tuning steps of the base model on one engine: prints one JSON object.
//   node bench/fine-tuning.mjs ENGINE TEXTS SECONDS [PIECES]
// TEXTS is a JSON file of encoded careers; a step takes 32 of them, at most PIECES pieces at once (default: all).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [engine, file, seconds] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const piecesAtOnce = Number(process.argv[5] ?? Number.POSITIVE_INFINITY);
const { startEngine } = require("labor-llm/dist/engine");
const { dataFile } = require("labor-llm/dist/files/data-folder");
const { readLanguageModel } = require("labor-llm/dist/models/language-model");
const { defaultTraining } = require("labor-llm/dist/training/options");
const { decoderTrainable } = require("labor-llm/dist/training/decoder-trainable");
const { train } = require("labor-llm/dist/training/train");

const info = await startEngine({ engine });
const { decoder } = readLanguageModel(dataFile("base-model"));
const texts = JSON.parse(readFileSync(file, "utf8")).map((ids) => Int32Array.from(ids));
const warmUp = engine === "tensorflow" ? 3 : 1;
let steps = 0;
let start = 0;
const stop = new AbortController();
// One epoch that does not end while the clock runs: no validation falls into the measured time.
const training = Array.from({ length: 1000 }, () => texts).flat();
const data = { training, validation: texts };
const options = { ...defaultTraining, epochs: 1, batch: { texts: 32 }, piecesAtOnce };
const meanTokens = texts.reduce((n, ids) => n + ids.length, 0) / texts.length;
await train(decoderTrainable(decoder), data, options, {
  signal: stop.signal,
  onProgress: () => {
    if (++steps === warmUp) start = performance.now();
    if (steps > warmUp && performance.now() - start > seconds * 1000) stop.abort();
  },
}).catch((error) => {
  if (!stop.signal.aborted) throw error;
});
const elapsed = (performance.now() - start) / 1000;
console.log(
  JSON.stringify({
    engine: `TensorFlow.js, ${info.engine} ${info.version}`,
    tokensPerSecond: ((steps - warmUp) * 32 * meanTokens) / elapsed,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    threads: info.threads,
  }),
);
