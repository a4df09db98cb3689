export { withAdapter } from "./adapter-folder";
export { baseInputs, isAvailable, knownBases, resolveBase } from "./base-models";
export { referenceInputs } from "./base-reference";
export { type FineTuningDefaults, fineTuningDefaults } from "./fine-tuning-defaults";
export { fineTuned, occupationModel, offTheShelf } from "./language";
export { baseRecipe, pretrain } from "./pretraining";
export { embeddingLogit, inContext } from "./prompts";
export { InContextModel, LanguageOccupationModel, TitleTrie } from "./scoring";
