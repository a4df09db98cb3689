export { type ClaimRow, judgeOrder, type OrderClaim } from "./claims";
export { describeData, describeRun, provenance } from "./environment";
export { type FineTuning, type FineTuningConfiguration, fineTuned } from "./fine-tuned";
export { currentProfile, type Profile, profileNames } from "./profile";
export { showPredictions, showTraining } from "./progress";
export { MARK_WORDING, type Mark, type PublishedNumber, published, quote } from "./published";
export { surveyTable } from "./survey-table";
export { type TitlePieces, titlesAsTokens } from "./titles-as-tokens";
