import { UserError } from "../../errors";
import { Decoder } from "./decoder";
import type { DecoderConfig } from "./decoder-config";
import type { LanguageModel } from "./language-model";

/** How large a decoder is; all else is that of another one. */
export interface DecoderSize {
  layers: number;
  /** D, width of the residual stream: a multiple of the other's width of a head. */
  width: number;
}

/**
 * The shape of a decoder of another size: heads as wide as before and as many as fill the width, keys and values shared
 * by about as many of them, a gated unit in the same proportion, and local layers in the same order.
 * @throws UserError where no whole number of heads fills the width
 */
export function resized(config: DecoderConfig, { layers, width }: DecoderSize): DecoderConfig {
  const { headWidth, local } = config;
  const heads = width / headWidth;
  if (!(Number.isInteger(heads) && heads > 0)) {
    throw new UserError(
      `a width of ${width}, where heads are ${headWidth} wide`,
      `Give a multiple of ${headWidth}.`,
    );
  }
  const most = Math.max(1, Math.floor((heads * config.keyValueHeads) / config.heads));
  let keyValueHeads = most;
  while (heads % keyValueHeads !== 0) keyValueHeads--;
  return {
    ...config,
    layers,
    width,
    heads,
    keyValueHeads,
    feedForward: Math.round((width * config.feedForward) / config.width),
    ...(local === undefined
      ? {}
      : {
          local: {
            ...local,
            layers: Array.from({ length: layers }, (_, i) => local.layers[i % local.layers.length]),
          },
        }),
  };
}

/**
 * A language model of another size that has learnt nothing: the tokenizer of a model, and random weights.
 * @throws UserError as `resized`
 */
export function fromScratch(
  { decoder, tokenizer }: LanguageModel,
  size: DecoderSize,
  seed: number,
): LanguageModel {
  return { decoder: Decoder.initialise(resized(decoder.config, size), seed), tokenizer };
}
