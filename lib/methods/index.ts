export type { FitProgress, FitReport, FitTask, FittedModel, Method } from "./method";
export { fitToFolder, isModelFolder, type ModelCard, openModelFolder, readModelCard } from "./model-folder";
export { methodNamed, methodNames, methods, settingsOf } from "./registry";
export { literalWording, templateOf, type Wording, wordingFor } from "./wording";
