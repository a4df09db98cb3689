export { type AdaptationFound, type AdaptationPlan, type AdaptationRow, adaptation } from "./adaptation";
export { type CareerSizeFound, type CareerSizePlan, careerSize } from "./career-size";
export {
  type LanguageSize,
  type LanguageSizeFound,
  type LanguageSizePlan,
  languageSize,
} from "./language-size";
export { atRate, type RateTrial } from "./learning-rate";
export { type Mixed, type MixedRow, type MixingFound, type MixingPlan, mixing } from "./mixing";
export { type OwnShareFound, type OwnSharePlan, ownShare } from "./own-share";
export type { PlanRow, ShownRows } from "./plan-row";
export { type PoolingFound, type PoolingPlan, pooling } from "./pooling";
export { planRows, type Results, type Study } from "./study";
export { type WordsFound, type WordsPlan, wordsOrCodes } from "./words-or-codes";
