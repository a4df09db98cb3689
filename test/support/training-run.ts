import { Random } from "labor-llm";
import { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import type { DecoderConfig } from "labor-llm/dist/networks/decoder/decoder-config";
import { defaultTraining, type TrainingOptions } from "labor-llm/dist/networks/training/options";
import type { TrainingData } from "labor-llm/dist/networks/training/trainable";

const config: DecoderConfig = {
  vocabularySize: 31,
  width: 16,
  feedForward: 24,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headWidth: 4,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
  tiedHead: true,
  contextLength: 64,
};

/** A small run that learns: texts that count up from a random token. */
export function trainingRun(): {
  decoder: Decoder;
  data: TrainingData<Int32Array>;
  options: TrainingOptions;
} {
  const random = new Random("texts");
  const text = () => {
    const start = random.integer(31);
    return Int32Array.from({ length: 12 + random.integer(13) }, (_, i) => (start + i) % 31);
  };
  return {
    decoder: Decoder.initialise(config, 1),
    data: {
      training: Array.from({ length: 40 }, text),
      validation: Array.from({ length: 10 }, text),
    },
    options: { ...defaultTraining, epochs: 8, batch: { texts: 4 }, learningRate: 1e-2 },
  };
}
