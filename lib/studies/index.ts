export { adaptation } from "./adaptation";
export { compareDistributions } from "./audit-rerun";
export { careerSize } from "./career-size";
export { ablated, ablatedBy, covariates } from "./covariates";
export { type ErrorPlan, errorSources } from "./evidence";
export { gainRows, whatTheGainIsMadeOf } from "./gain";
export { historyColumns, historyCosts, historyLength, knownHistory } from "./history-length";
export { languageSize } from "./language-size";
export { atRate } from "./learning-rate";
export {
  belowTheOracle,
  fineTuningCurve,
  methodsCompared,
  methodsFigure,
  transitionsFigure,
} from "./methods-compared";
export { mixing } from "./mixing";
export { movesAndStates } from "./moves-and-states";
export { aheadTable, compareAhead, correlationFigure, sameTitleFigure, severalYears } from "./multi-year";
export { inOtherWords, otherWordsFigure } from "./other-words";
export { ownShare } from "./own-share";
export { pooling } from "./pooling";
export { examplesShown, prompting } from "./prompting";
export { auditInWords, errorRows, errorsFigure, reproducibility, rerunRows } from "./reproducibility";
export { servedWorse } from "./served-worse";
export { namedYears, worldChanges } from "./structural-change";
export { planRows, type Results, type Study } from "./study";
export { surveyTable } from "./survey-table";
export { withRows } from "./with-rows";
export { wordsOrCodes } from "./words-or-codes";
