export { fineTune } from "./fine-tune";
export { defaultTraining, type TrainingOptions } from "./options";
export type { EpochRecord } from "./run-state";
export {
  meanLoss,
  type TrainingControl,
  TrainingInterrupted,
  type TrainingProgress,
  type TrainingResult,
  train,
} from "./train";
