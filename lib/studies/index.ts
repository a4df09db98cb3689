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
export { planRows, type Results, type Study } from "./study";
export { type WordsFound, type WordsPlan, wordsOrCodes } from "./words-or-codes";
