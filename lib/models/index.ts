export * from "./career";
export { Decoder, type KeyValues, type TokenBatch } from "./decoder";
export {
  type DecoderConfig,
  formatDecoderConfig,
  type LocalAttention,
  parameterCount,
  parseDecoderConfig,
} from "./decoder-config";
export {
  type EmbeddingLogitModel,
  type EmbeddingLogitOptions,
  fitEmbeddingLogit,
  type ReadingTrial,
} from "./embedding-logit";
export { type EmpiricalModel, type EmpiricalOptions, fitEmpirical, type TrainingCareers } from "./empirical";
export { type DecoderSize, fromScratch, resized } from "./from-scratch";
export { type Int8Decoder, quantiseInt8 } from "./int8-decoder";
export {
  copyLanguageModel,
  type LanguageModel,
  readLanguageModel,
  type WriteOptions,
  writeLanguageModel,
} from "./language-model";
export { type CareerReader, embedCareers, type Reading } from "./logit/career-embeddings";
export type { CareerLogit } from "./logit/career-logit";
export type { Coefficient, CoefficientOptions } from "./logit/coefficients";
export { type LogitFeature, type LogitTerm, logitTerms } from "./logit/features";
export type { RidgeOptions, RidgeTrial } from "./logit/ridge";
export { fitMarkov, type MarkovModel, type MarkovOptions } from "./markov";
export { composeMarkov } from "./markov-powers";
export { fitMultinomialLogit, type LogitOptions, type MultinomialLogitModel } from "./multinomial-logit";
export * from "./occupation-model";
export { lastRows, normalised, predictLast } from "./predict-last";
export { readDecoder } from "./read-decoder";
export { selectRows } from "./select-rows";
export * from "./title-distribution";
export { fitTwoStageRegression, type TwoStageRegressionModel } from "./two-stage-regression";
