export { decoderTrainable } from "./decoder-trainable";
export { fineTune } from "./fine-tune";
export { defaultTraining, type TrainingOptions } from "./options";
export type { TrainingProgress } from "./progress";
export type { EpochRecord } from "./run-state";
export { meanLoss, TrainingDiverged } from "./step";
export { type TrainingControl, TrainingInterrupted, type TrainingResult, train } from "./train";
export type { Trainable, TrainingData, TrainingPass } from "./trainable";
