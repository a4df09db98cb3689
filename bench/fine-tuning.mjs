// Fine-tuning steps on one engine: prints one JSON object.
//   node bench/fine-tuning.mjs --engine tensorflow --seconds 20 --texts FILE [--tokens N]     the base model
//   node bench/fine-tuning.mjs --engine tensorflow --seconds 20 --shape 5.3M [--recompute]    random weights
// FILE is JSON of encoded careers and how many a step takes, {"texts", "perStep"}; at most N tokens at once (default: all).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { shapes, textsOf } from "./shapes.mjs";

const { values: args } = parseArgs({
  options: {
    engine: { type: "string", default: "tensorflow" },
    seconds: { type: "string", default: "20" },
    texts: { type: "string" },
    tokens: { type: "string" },
    shape: { type: "string" },
    recompute: { type: "boolean", default: false },
  },
});
const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs");
const { startEngine } = require("labor-llm/dist/engine");
const { dataFile } = require("labor-llm/dist/files/data-folder");
const { Decoder } = require("labor-llm/dist/networks/decoder/decoder");
const { parameterShapes } = require("labor-llm/dist/networks/decoder/decoder-config");
const { parseDecoderConfig } = require("labor-llm/dist/networks/decoder/decoder-config-json");
const { readLanguageModel } = require("labor-llm/dist/networks/decoder/language-model");
const { Random } = require("labor-llm/dist/random");
const { decoderTrainable } = require("labor-llm/dist/networks/decoder/decoder-trainable");
const { withLora } = require("labor-llm/dist/networks/decoder/lora");
const { defaultTraining } = require("labor-llm/dist/networks/training/options");
const { train } = require("labor-llm/dist/networks/training/train");

/** Random weights, quickly: one stretch of normal numbers over and over. */
function randomDecoder(config) {
  const random = new Random("bench");
  const stretch = Float32Array.from({ length: 65_537 }, () => 0.02 * random.normal());
  const parameters = new Map();
  for (const [name, shape] of parameterShapes(config)) {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    if (shape.length > 1) {
      for (let at = 0; at < values.length; at += stretch.length) {
        values.set(stretch.subarray(0, values.length - at), at);
      }
    } else if (config.family !== "gemma3") values.fill(1);
    parameters.set(name, tf.variable(tf.tensor(values, shape), true));
  }
  return new Decoder(config, parameters);
}

const info = await startEngine({ engine: args.engine });
const shape = args.shape === undefined ? undefined : shapes[args.shape];
const base =
  shape === undefined
    ? readLanguageModel(dataFile("base-model")).decoder
    : randomDecoder(parseDecoderConfig(shape.config, args.shape));
const decoder = shape?.lora === undefined ? base : withLora(base, shape.lora);
const given =
  shape === undefined
    ? JSON.parse(readFileSync(args.texts, "utf8"))
    : { texts: textsOf(shape), perStep: shape.texts };
const { perStep } = given;
const texts = given.texts.map((ids) => Int32Array.from(ids));
const tokensAtOnce = Number(args.tokens ?? Number.POSITIVE_INFINITY);
const warmUp = args.engine === "tensorflow" && shape?.config.model_type !== "gemma3_text" ? 3 : 1;
let steps = 0;
let start = 0;
let processor = process.cpuUsage();
const stop = new AbortController();
// One epoch that does not end while the clock runs: no validation falls into the measured time.
const training = Array.from({ length: 1000 }, () => texts).flat();
const data = { training, validation: texts };
const options = {
  ...defaultTraining,
  epochs: 1,
  batch: { texts: perStep },
  tokensAtOnce,
  learningRate: 1e-4,
};
const meanTokens = texts.reduce((n, ids) => n + ids.length, 0) / texts.length;
await train(decoderTrainable(decoder, { recompute: args.recompute }), data, options, {
  signal: stop.signal,
  onProgress: () => {
    if (++steps === warmUp) {
      start = performance.now();
      processor = process.cpuUsage();
    }
    if (steps > warmUp && performance.now() - start > Number(args.seconds) * 1000) stop.abort();
  },
}).catch((error) => {
  if (!stop.signal.aborted) throw error;
});
const elapsed = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(processor);
const tokens = (steps - warmUp) * perStep * meanTokens;
console.log(
  JSON.stringify({
    engine: `TensorFlow.js, ${info.engine} ${info.version}`,
    tokensPerSecond: tokens / elapsed,
    tokensPerProcessorSecond: tokens / ((user + system) / 1e6),
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    threads: info.threads,
  }),
);
