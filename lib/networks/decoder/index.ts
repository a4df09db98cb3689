export { Decoder } from "./decoder";
export { type DecoderConfig, parameterCount } from "./decoder-config";
export { formatDecoderConfig, parseDecoderConfig } from "./decoder-config-json";
export { type DecoderTrainingOptions, decoderTrainable } from "./decoder-trainable";
export { type DecoderSize, fromScratch } from "./from-scratch";
export { quantiseInt8 } from "./int8-decoder";
export { type LanguageModel, readLanguageModel, writeLanguageModel } from "./language-model";
export { LoraDecoder, type LoraOptions, mergeLora, withLora } from "./lora";
export {
  baseNamedBy,
  isPeftFolder,
  readPeftAdapter,
  type StoredAdapter,
  storedAdapter,
  writePeftAdapter,
} from "./peft-adapter";
export type { KeyValues } from "./prefix-cache";
export { readDecoder } from "./read-decoder";
export { HIDDEN, type TokenBatch } from "./sight";
export { predictedSpans, predictedTokens, type TrainingText, tokensOf } from "./training-text";
