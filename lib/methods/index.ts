export { checked } from "./fitted-files";
export { checkShared, fewPersonsTraining } from "./jobs";
export {
  baseInputs,
  baseRecipe,
  type FineTuningDefaults,
  fineTuningDefaults,
  InContextModel,
  isAvailable,
  knownBases,
  LanguageOccupationModel,
  occupationModel,
  pretrain,
  resolveBase,
  TitleTrie,
  withAdapter,
} from "./language";
export { composeMarkov, type MarkovModel } from "./markov";
export type { FitProgress, FitReport, FitTask, Method } from "./method";
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
export { addMethod, methodNamed, methodNames, methods, type OwnMethod, settingsOf } from "./registry";
