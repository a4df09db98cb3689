export { withAdjustedP } from "./adjusted-p";
export { benjaminiHochberg } from "./benjamini-hochberg";
export { type BootstrapOptions, bootstrapByPerson, type Estimate } from "./bootstrap";
export { type BrierDecomposition, brierDecomposition } from "./brier";
export { compareEventsByGroup, representativenessByGroup } from "./by-group";
export {
  type CalibrationError,
  type CalibrationOptions,
  type CalibrationTest,
  expectedCalibrationError,
  meanTest,
  spiegelhalterTest,
} from "./calibration";
export {
  type ClosedFormEstimate,
  clusterRobustDifference,
  clusterRobustMean,
  clusterRobustPerplexity,
} from "./cluster-robust";
export { onCommonPersons } from "./common-persons";
export { type ComparisonOptions, measurePerplexity } from "./compare";
export { compareEvents, type EventComparisonOptions } from "./compare-events";
export { compareSubgroups, type SubgroupComparisonOptions } from "./compare-subgroups";
export {
  type ConsistencyOptions,
  type CorrelationKind,
  happenedRows,
  measureConsistency,
} from "./consistency";
export { coInformation, surprisalContrast } from "./contrast";
export { correlationBeyond, correlationWithin, type PairedRows, strataOf } from "./correlation";
export { type DeLongOptions, deLong, deLongDifference } from "./delong";
export {
  type EventForecast,
  eventForecast,
  type ForecastOptions,
  joblessEvent,
  moveEvent,
  type TitleEvent,
  titleEvents,
} from "./events";
export { everyone, type Measurement, type MeasurementFilter, only, type Slice, where } from "./measurement";
export { axisTitle, headingOf, type MeasureDescription, type MeasureId, measures } from "./measures";
export { type PerplexityOptions, type PersonTotals, perplexity, personTotals, surprisal } from "./perplexity";
export { powerLaw } from "./power-law";
export { type BinOptions, type ReliabilityBin, reliabilityBins } from "./reliability";
export {
  type RepresentativenessOptions,
  representativeness,
  type TransitionShareOptions,
  type TransitionShares,
  transitionShares,
} from "./representativeness";
export { auc, type RocCurve, rocCurve } from "./roc";
export {
  checkSameRows,
  ROW_KINDS,
  type RowKind,
  type TransitionKind,
  transitionKinds,
  withAllRows,
  withAllTitles,
} from "./rows";
export { measureShift, type RowShifts, rowShifts } from "./shift";
export {
  type GroupField,
  type Subgroup,
  type SubgroupOptions,
  type Subgroups,
  subgroupsOf,
} from "./subgroups";
export {
  type ErrorPart,
  type FitsOfMethod,
  meanOverFits,
  type ValuesOfFits,
  type WholeMeasure,
  wholeContrast,
  wholeDifference,
} from "./whole-error";
