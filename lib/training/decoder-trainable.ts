import type { Decoder } from "../models/decoder";
import { blocksToTensors, packBlocks } from "./pack";
import type { Trainable } from "./trainable";

/** A language model under next-token loss on the whole text (LABOR-LLM, fine-tuning): every piece but a text's first. */
export function decoderTrainable(decoder: Decoder): Trainable<Int32Array> {
  const { config, parameters } = decoder;
  return {
    parameters,
    configuration: config,
    size: (text) => text.length,
    targets: (text) => text.length - 1,
    loss(texts) {
      const { batches, at, targets } = blocksToTensors(packBlocks(texts, config.width));
      return decoder.loss(batches, at, targets);
    },
    fingerprint: (text) => text,
    problem(text) {
      if (text.length >= 2 && text.length <= config.contextLength) return undefined;
      return {
        problem: `has ${text.length} pieces; the model reads 2 to ${config.contextLength}`,
        remedy: "Shorten the history or take a model with a longer context.",
      };
    },
  };
}
