import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { isObject } from "../../files";
import { checkBegin, checkEndOfLine, checkTokenizerFits, type SpecialIds, Tokenizer } from "../../text";
import {
  openHuggingFaceFolder,
  snapshotFolder,
  toArrays,
  tokenizerFolderOf,
  toLazyArrays,
  toVariables,
  writeHuggingFaceFolder,
} from "../checkpoints";
import { Decoder } from "./decoder";
import { formatDecoderConfig, parseDecoderConfig } from "./decoder-config-json";
import { readDecoder } from "./read-decoder";

/** A decoder and the tokenizer that belongs to it. */
export interface LanguageModel {
  decoder: Decoder;
  tokenizer: Tokenizer;
}

/**
 * Opens a Hugging Face folder: config.json, model.safetensors or its shards, tokenizer.json. A model may be in a
 * subfolder of another, as `repository/ckpt_3`, and may have its tokenizer there or in the folder above. A repository in
 * the hub's cache stands for its snapshot.
 * @throws UserError where a file is missing, damaged or of another model than the others
 */
export function readLanguageModel(given: string): LanguageModel {
  const folder = snapshotFolder(given);
  const source = openHuggingFaceFolder(folder);
  const path = join(folder, "config.json");
  const tokenizer = Tokenizer.fromFolder(tokenizerFolderOf(folder), specialIds(source.config));
  checkTokenizerFits(tokenizer, parseDecoderConfig(source.config, path).vocabularySize);
  const tokenizerPath = join(tokenizerFolderOf(folder), "tokenizer.json");
  checkEndOfLine(tokenizer, tokenizerPath);
  checkBegin(tokenizer, tokenizerPath);
  return { decoder: readDecoder(source, path), tokenizer };
}

/** Ids of the tokens around a text in config.json; of several ends, the first. */
function specialIds(config: Record<string, unknown>): SpecialIds {
  const text = isObject(config.text_config) ? config.text_config : {};
  const id = (name: string): number | undefined => {
    const [first] = [config[name] ?? text[name]].flat();
    return typeof first === "number" ? first : undefined;
  };
  return { bos: id("bos_token_id"), eos: id("eos_token_id") };
}

/** How a model is written. */
export interface WriteOptions {
  /** Format of the weights. Default F32. */
  dtype?: "F32" | "F16" | "BF16";
  /** Weights of more bytes than this are written in several files. Default 5 GB. */
  shardBytes?: number;
}

/**
 * Writes a Hugging Face folder that `transformers` opens too.
 * @param tokenizerFolder where the tokenizer's files are copied from
 * @throws UserError where the folder cannot be written, the tokenizer is missing, or a number does not fit F16
 */
export function writeLanguageModel(
  folder: string,
  model: LanguageModel,
  tokenizerFolder: string,
  options: WriteOptions = {},
): void {
  const { bosId = 0, eosId = 1 } = model.tokenizer;
  writeHuggingFaceFolder(folder, {
    config: formatDecoderConfig(model.decoder.config, { bos: bosId, eos: eosId }),
    tensors: toLazyArrays(model.decoder.parameters),
    tokenizerFolder,
    ...options,
  });
}

/** A copy whose parameters can be trained without touching the original's; the tokenizer is shared. */
export function copyLanguageModel({ decoder, tokenizer }: LanguageModel): LanguageModel {
  const parameters = new Map<string, tf.Variable>(toVariables(toArrays(decoder.parameters)));
  return { decoder: new Decoder(decoder.config, parameters), tokenizer };
}
