export { withAdjustedP } from "./adjusted-p";
export { benjaminiHochberg } from "./benjamini-hochberg";
export type { BootstrapOptions } from "./bootstrap";
export { compareEventsByGroup, representativenessByGroup } from "./by-group";
export { chiSquaredQuantile } from "./chi-squared";
export { clusterRobustDifference, clusterRobustMean } from "./cluster-robust";
export { onCommonPersons, onPersonsOf } from "./common-persons";
export { type ComparisonOptions, measureNormalisedPerplexity, measurePerplexity } from "./compare";
export { compareEvents, type EventComparisonOptions } from "./compare-events";
export { compareSubgroups } from "./compare-subgroups";
export { type CorrelationKind, happenedRows, measureConsistency } from "./consistency";
export { coInformation, surprisalContrast } from "./contrast";
export { correlationBeyond, strataOf } from "./correlation";
export { exactly } from "./estimate";
export {
  type EventForecast,
  eventForecast,
  joblessEvent,
  moveEvent,
  type TitleEvent,
  titleEvents,
} from "./events";
export { everyone, type Measurement, only, type Slice, where } from "./measurement";
export { axisTitle, headingOf, type MeasureId, measures } from "./measures";
export { perplexity, personTotals, surprisal } from "./perplexity";
export { powerLaw } from "./power-law";
export { reliabilityBins } from "./reliability";
export {
  type RepresentativenessOptions,
  representativeness,
  type TransitionShareOptions,
  transitionDistance,
} from "./representativeness";
export { auc, rocCurve } from "./roc";
export { checkSameRows, ROW_KINDS, type RowKind, withAllRows } from "./rows";
export { measureShift } from "./shift";
export { equivalenceP, isEquivalent, type Measured, pValueOf, standingOf } from "./standing";
export { studentQuantile } from "./student";
export { type Subgroup, type Subgroups, subgroupsOf } from "./subgroups";
export {
  deviation,
  type ErrorPart,
  type FitsOfMethod,
  type FitsTerm,
  meanOverFits,
  type ValuesOfFits,
  type WholeMeasure,
  wholeContrast,
  wholeDifference,
  wholeMeasure,
} from "./whole-error";
