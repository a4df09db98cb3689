export { type DecoderTrainingOptions, decoderTrainable } from "./decoder-trainable";
export {
  type FineTuningControl,
  type FineTuningOptions,
  type FineTuningResult,
  fineTune,
  trainingTexts,
} from "./fine-tune";
export { type LoraDecoder, type LoraOptions, loraTargets, mergeLora, withLora } from "./lora";
export { defaultTraining, type TrainingOptions } from "./options";
export {
  type PeftOptions,
  readPeftAdapter,
  type StoredAdapter,
  storedAdapter,
  writePeftAdapter,
} from "./peft-adapter";
export type { TrainingProgress } from "./progress";
export { reachablePieces } from "./reachable-pieces";
export { type RestrictedModel, restoreVocabulary, restrictVocabulary } from "./restricted-vocabulary";
export type { EpochRecord } from "./run-state";
export { meanLoss, TrainingDiverged } from "./step";
export { type TrainingControl, TrainingInterrupted, type TrainingResult, train } from "./train";
export type { LossAndGradients, Trainable, TrainingData, TrainingPass } from "./trainable";
export type { MaskedText, TrainingText } from "./training-text";
