export {
  type Audit,
  auditFindings,
  auditRows,
  countOutcomes,
  isSupported,
  isSupportedAmongAll,
  notCompared,
  withOutcome,
} from "./audit";
export { type Claim, type Publication, publishedFinding, publishedNumber, publishedOrder } from "./claim";
export { reliabilityFigure, rocFigure } from "./event-figures";
export { type DoseLine, dosesFigure, forestFigure, linesFigure, modelsFigure } from "./figures";
export { type Finding, outcomes } from "./finding";
export { saveFindings } from "./findings-file";
export { findingRows } from "./findings-table";
export { flatMeasurements } from "./flat";
export { type Evidence, judge, judgeMeasurement } from "./judge";
export { type MeasurementTable, measurementRows, type RowOf, type Skipped } from "./measurement-rows";
export { type PublishedNumber, published } from "./published";
export { standingsInWords } from "./standings";
export { verdictOf } from "./words";
