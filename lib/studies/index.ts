export { ablated, ablatedBy, type CovariatesFound, type CovariatesPlan, covariates } from "./covariates";
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
export { examplesShown, type PromptingFound, type PromptingPlan, prompting } from "./prompting";
export { planRows, type Results, type Study } from "./study";
export { type WordsFound, type WordsPlan, wordsOrCodes } from "./words-or-codes";
