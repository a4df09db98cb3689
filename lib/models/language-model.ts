import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { readHuggingFaceFolder, writeHuggingFaceFolder } from "../checkpoints/hugging-face";
import { checkTokenizerFits, Tokenizer } from "../text/tokenizer";
import { Decoder } from "./decoder";
import { formatDecoderConfig, parseDecoderConfig } from "./decoder-config";
import { toArrays, toVariables } from "./parameters";

/** A decoder and the tokenizer that belongs to it. */
export interface LanguageModel {
  decoder: Decoder;
  tokenizer: Tokenizer;
}

/**
 * Opens a Hugging Face folder: config.json, model.safetensors, tokenizer.json.
 * @throws UserError where a file is missing, damaged or of another model than the others
 */
export function readLanguageModel(folder: string): LanguageModel {
  const { config: json, tensors } = readHuggingFaceFolder(folder);
  const config = parseDecoderConfig(json, join(folder, "config.json"));
  const tokenizer = Tokenizer.fromFolder(folder);
  checkTokenizerFits(tokenizer, config.vocabularySize);
  return { decoder: new Decoder(config, toVariables(tensors), folder), tokenizer };
}

/**
 * Writes a Hugging Face folder that `transformers` opens too.
 * @param tokenizerFolder where the tokenizer's files are copied from
 */
export function writeLanguageModel(
  folder: string,
  model: LanguageModel,
  tokenizerFolder: string,
  dtype: "F32" | "F16" | "BF16" = "F32",
): void {
  const { bosId = 0, eosId = 1 } = model.tokenizer;
  writeHuggingFaceFolder(folder, {
    config: formatDecoderConfig(model.decoder.config, { bos: bosId, eos: eosId }),
    tensors: toArrays(model.decoder.parameters),
    tokenizerFolder,
    dtype,
  });
}

/** A copy whose parameters can be trained without touching the original's; the tokenizer is shared. */
export function copyLanguageModel({ decoder, tokenizer }: LanguageModel): LanguageModel {
  const parameters = new Map<string, tf.Variable>(toVariables(toArrays(decoder.parameters)));
  return { decoder: new Decoder(decoder.config, parameters), tokenizer };
}
