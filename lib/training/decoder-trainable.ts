import { createHash } from "node:crypto";
import type { Decoder } from "../models/decoder";
import { blocksToTensors, packBlocks } from "./pack";
import type { Trainable } from "./trainable";
import { piecesOf, predictedPieces, predictedSpans, type TrainingText } from "./training-text";

/** A language model under next-token loss (LABOR-LLM, fine-tuning): on the whole text, or on the spans that a text names. */
export function decoderTrainable(decoder: Decoder): Trainable<TrainingText> {
  const { config, parameters } = decoder;
  return {
    parameters,
    configuration: config,
    size: (text) => piecesOf(text).length,
    targets: predictedPieces,
    loss(texts) {
      const { batches, at, targets } = blocksToTensors(packBlocks(texts, config.width));
      return decoder.loss(batches, at, targets);
    },
    fingerprint(text) {
      if (text instanceof Int32Array) return text;
      return createHash("sha256").update(text.ids).update(JSON.stringify(predictedSpans(text))).digest();
    },
    problem(text) {
      const pieces = piecesOf(text).length;
      if (pieces > config.contextLength || predictedPieces(text) === 0) {
        return {
          problem: `has ${pieces} pieces, ${predictedPieces(text)} of them to predict; the model reads 2 to ${config.contextLength}`,
          remedy: "Shorten the history or take a model with a longer context.",
        };
      }
      return undefined;
    },
  };
}
