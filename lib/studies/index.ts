export { type AdaptationFound, type AdaptationPlan, type AdaptationRow, adaptation } from "./adaptation";
export { type CareerSizeFound, type CareerSizePlan, careerSize } from "./career-size";
export { ablated, ablatedBy, type CovariatesFound, type CovariatesPlan, covariates } from "./covariates";
export { type Gain, type GainStep, gainRows, whatTheGainIsMadeOf } from "./gain";
export type { GroupsClaimed } from "./group-claims";
export {
  type HistoryFound,
  type HistoryPlan,
  type HistoryReading,
  type HistoryRow,
  type HistorySurvey,
  historyColumns,
  historyCosts,
  historyLength,
  type KnownHistory,
  knownHistory,
} from "./history-length";
export {
  type LanguageSize,
  type LanguageSizeFound,
  type LanguageSizePlan,
  languageSize,
} from "./language-size";
export { atRate, type RateTrial } from "./learning-rate";
export {
  belowTheOracle,
  fineTuningCurve,
  type MethodsFound,
  type MethodsPlan,
  methodsCompared,
  methodsFigure,
  transitionsFigure,
} from "./methods-compared";
export { type Mixed, type MixedRow, type MixingFound, type MixingPlan, mixing } from "./mixing";
export { type EventsFound, type EventsOnSurvey, type EventsPlan, movesAndStates } from "./moves-and-states";
export { correlationClaims } from "./multi-year/claims";
export { type AheadPlan, type AheadResult, compareAhead, truthAhead } from "./multi-year/compare-ahead";
export { correlationNulls, nullClaims } from "./multi-year/null-correlations";
export {
  aheadTable,
  correlationFigure,
  type SeveralYearsFound,
  type SeveralYearsPlan,
  sameTitleFigure,
  severalYears,
} from "./multi-year/several-years";
export { inOtherWords, type OtherWords, otherWordsFigure } from "./other-words";
export { type OwnShareFound, type OwnSharePlan, ownShare } from "./own-share";
export type { PlanRow, ShownRows } from "./plan-row";
export { type PoolingFound, type PoolingPlan, pooling } from "./pooling";
export { examplesShown, type PromptingFound, type PromptingPlan, prompting } from "./prompting";
export {
  auditInWords,
  errorRows,
  errorsFigure,
  type ReproducibilityFound,
  type ReproducibilityPlan,
  reproducibility,
  rerunRows,
} from "./reproducibility";
export { type GroupsFound, type GroupsPlan, servedWorse } from "./served-worse";
export { type ChangePlan, compareChange, LAW_BEFORE } from "./structural-change/compare-change";
export { compareForecasts } from "./structural-change/forecasts";
export {
  amongOrdinaryYears,
  amongYearsClaims,
  compareYears,
  namedYears,
  type YearKind,
  type YearsPlan,
  yearKinds,
} from "./structural-change/ordinary-years";
export {
  type StructuralChangeFound,
  type StructuralChangePlan,
  worldChanges,
} from "./structural-change/world-changes";
export { planRows, type Results, type Study } from "./study";
export { type WordsFound, type WordsPlan, wordsOrCodes } from "./words-or-codes";
