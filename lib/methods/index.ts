export type { FitProgress, FitReport, FitTask, FittedModel, Method } from "./method";
export {
  checkModelOutput,
  fitInHeldFolder,
  fitToFolder,
  isModelFolder,
  isSoundModelFolder,
  type ModelCard,
  modelInputs,
  openModelFolder,
  readModelCard,
} from "./model-folder";
export { methodNamed, methodNames, methods, settingsOf } from "./registry";
export { literalWording, templateOf, type Wording, wordingFor } from "./wording";
