export { type FineTuning, type FineTuningConfiguration, fineTuned } from "./fine-tuned";
export { currentProfile, type Profile, profileNames } from "./profile";
export { showPredictions, showTraining } from "./progress";
export { MARK_WORDING, type Mark, type PublishedNumber, published, quote } from "./published";
