export {
  type Audit,
  type AuditedFinding,
  type AuditOptions,
  auditFindings,
  auditRows,
  countOutcomes,
  isSupported,
  isSupportedAmongAll,
  type NotCompared,
  notCompared,
  withOutcome,
} from "./audit";
export {
  type Claim,
  type Expectation,
  type Publication,
  publishedFinding,
  publishedNumber,
  publishedOrder,
} from "./claim";
export { type EventFigure, reliabilityFigure, rocFigure } from "./event-figures";
export {
  type DoseLine,
  type DosesFigure,
  dosesFigure,
  type ForestFigure,
  forestFigure,
  type LinesFigure,
  linesFigure,
  type ModelsFigure,
  modelsFigure,
} from "./figures";
export { type ClaimOutcome, type Finding, outcomes } from "./finding";
export { readFindings, saveFindings } from "./findings-file";
export { findingRows } from "./findings-table";
export { type FlatMeasurement, flatMeasurements } from "./flat";
export { type Evidence, judge, judgeMeasurement } from "./judge";
export {
  type Beside,
  type MeasurementTable,
  measurementRows,
  type RowOf,
  type Skipped,
} from "./measurement-rows";
export { MARK_WORDING, type Mark, type PublishedNumber, published, quote } from "./published";
export { type StandingsOptions, standingsInWords } from "./standings";
export { verdictOf } from "./words";
