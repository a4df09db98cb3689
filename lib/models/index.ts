export { Decoder, type KeyValues, type TokenBatch } from "./decoder";
export {
  type DecoderConfig,
  formatDecoderConfig,
  parameterCount,
  parseDecoderConfig,
} from "./decoder-config";
export { type EmpiricalModel, type EmpiricalOptions, fitEmpirical, type TrainingCareers } from "./empirical";
export {
  copyLanguageModel,
  type LanguageModel,
  readLanguageModel,
  writeLanguageModel,
} from "./language-model";
export { fitMarkov, type MarkovModel, type MarkovOptions } from "./markov";
export * from "./occupation-model";
export * from "./title-distribution";
