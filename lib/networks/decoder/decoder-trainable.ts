import { createHash } from "node:crypto";
import { Random } from "../../random";
import type { Trainable, TrainingPass } from "../training";
import type { Decoder } from "./decoder";
import { type DropoutSeedOf, LoraDecoder } from "./lora";
import { blocksToTensors, packBlocks } from "./pack";
import { recomputedGradients } from "./recompute";
import { textCollation } from "./text-collation";
import { predictedSpans, predictedTokens, type TrainingText, tokensOf, weightOf } from "./training-text";

export interface DecoderTrainingOptions {
  /** Whether the way back computes each layer again, so that the activations of one layer at a time are in memory. Default false. */
  recompute?: boolean;
}

/**
 * A language model under next-token loss (LABOR-LLM, fine-tuning): on the whole text, or on the spans that a text
 * names. Of a `LoraDecoder` the adapter alone is trained.
 */
export function decoderTrainable(
  decoder: Decoder,
  { recompute = false }: DecoderTrainingOptions = {},
): Trainable<TrainingText> {
  const { config, parameters } = decoder;
  const lora = decoder instanceof LoraDecoder ? decoder : undefined;
  const withDropout = <T>(seedOf: DropoutSeedOf, run: () => T): T =>
    lora === undefined ? run() : lora.withDropout(seedOf, run);
  const withPass = <T>(pass: TrainingPass | undefined, run: () => T): T => {
    if (lora === undefined || pass?.training !== true) return run();
    const base = pass.random.integer(2 ** 30);
    return withDropout((name) => new Random("dropout", base, name).integer(2 ** 30), run);
  };
  return {
    parameters,
    configuration: lora === undefined ? config : { config, lora: lora.lora },
    frozen: lora?.base.parameters,
    size: (text) => tokensOf(text).length,
    targets: predictedTokens,
    loss(texts, pass) {
      const { batches, at, targets, weights } = blocksToTensors(packBlocks(texts, config.width));
      return withPass(pass, () => decoder.loss(batches, at, targets, weights));
    },
    gradients: recompute
      ? (texts, pass) => {
          const { batches, at, targets, weights } = blocksToTensors(packBlocks(texts, config.width));
          return withPass(pass, () =>
            recomputedGradients(decoder.stages(batches, at, targets, weights), parameters),
          );
        }
      : undefined,
    // A graph would not compute a layer again that it has computed once.
    collation: recompute
      ? undefined
      : (steps, tokensAtOnce) => {
          const collation = textCollation(decoder, steps, tokensAtOnce);
          if (collation === undefined) return undefined;
          return {
            ...collation,
            loss: (call, seeds) => withDropout(seeds, () => collation.loss(call, seeds)),
          };
        },
    fingerprint(text) {
      if (text instanceof Int32Array) return text;
      return createHash("sha256")
        .update(text.ids)
        .update(JSON.stringify([predictedSpans(text), weightOf(text)]))
        .digest();
    },
    problem(text) {
      const tokens = tokensOf(text).length;
      if (tokens > config.contextLength || predictedTokens(text) === 0) {
        return {
          problem: `has ${tokens} tokens, ${predictedTokens(text)} of them to predict; the model reads 2 to ${config.contextLength}`,
          remedy: "Shorten the history or take a model with a longer context.",
        };
      }
      return undefined;
    },
  };
}
