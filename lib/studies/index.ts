export { type Mixed, type MixedRow, type MixingFound, type MixingPlan, mixing } from "./mixing";
export { type OwnShareFound, type OwnSharePlan, ownShare } from "./own-share";
export type { PlanRow, ShownRows } from "./plan-row";
export { type PoolingFound, type PoolingPlan, pooling } from "./pooling";
export { planRows, type Results, type Study } from "./study";
export { type WordsFound, type WordsPlan, wordsOrCodes } from "./words-or-codes";
