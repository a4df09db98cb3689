// Fine-tuning steps of the base model on one engine: prints one JSON object.
//   node bench/fine-tuning.mjs ENGINE ROWS LENGTH SECONDS
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [engine, rows, length, seconds] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const { startEngine } = require("labor-llm/dist/engine");
const { dataFile } = require("labor-llm/dist/files/data-folder");
const { readLanguageModel } = require("labor-llm/dist/models/language-model");
const { Random } = require("labor-llm/dist/random");
const { defaultTraining } = require("labor-llm/dist/training/options");
const { train } = require("labor-llm/dist/training/train");

const info = await startEngine({ engine });
const { decoder } = readLanguageModel(dataFile("base-model"));
const random = new Random("bench");
const text = () => Int32Array.from({ length }, () => random.integer(decoder.config.vocabularySize));
const texts = Array.from({ length: rows }, text);
const warmUp = engine === "tensorflow" ? 3 : 1;
let steps = 0;
let start = 0;
const stop = new AbortController();
// One epoch that does not end while the clock runs: no validation falls into the measured time.
const training = Array.from({ length: rows * 5_000 }, (_, i) => texts[i % rows]);
const data = { training, validation: texts };
const options = { ...defaultTraining, epochs: 1, batch: { texts: rows } };
await train(decoder, data, options, {
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
    tokensPerSecond: ((steps - warmUp) * rows * length) / elapsed,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    threads: info.threads,
  }),
);
