export { type Gain, type GainStep, gainRows, whatTheGainIsMadeOf } from "./gain";
export {
  belowTheOracle,
  fineTuningCurve,
  type MethodsFound,
  type MethodsPlan,
  methodsCompared,
  methodsFigure,
  transitionsFigure,
} from "./methods-compared";
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
