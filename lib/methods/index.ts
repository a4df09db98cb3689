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
export type { FitProgress, FitReport, Method } from "./method";
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
