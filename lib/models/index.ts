export * from "./career";
export { Decoder, type KeyValues, type TokenBatch } from "./decoder";
export {
  type DecoderConfig,
  formatDecoderConfig,
  type LocalAttention,
  parameterCount,
  parseDecoderConfig,
} from "./decoder-config";
export { type EmpiricalModel, type EmpiricalOptions, fitEmpirical, type TrainingCareers } from "./empirical";
export { type Int8Decoder, quantiseInt8 } from "./int8-decoder";
export {
  copyLanguageModel,
  type LanguageModel,
  readLanguageModel,
  type WriteOptions,
  writeLanguageModel,
} from "./language-model";
export { fitMarkov, type MarkovModel, type MarkovOptions } from "./markov";
export * from "./occupation-model";
export { readDecoder } from "./read-decoder";
export * from "./title-distribution";
