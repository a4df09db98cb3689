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
export {
  type EventFigure,
  type GroupsFigure,
  groupsFigure,
  type ModelsFigure,
  modelsFigure,
  reliabilityFigure,
  rocFigure,
} from "./figures";
export { type ClaimOutcome, type Finding, outcomes } from "./finding";
export { readFindings, saveFindings } from "./findings-file";
export { findingRows } from "./findings-table";
export { type Evidence, judge, judgeMeasurement } from "./judge";
export { type MeasurementTable, measurementRows, type Skipped } from "./measurement-rows";
export { MARK_WORDING, type Mark, type PublishedNumber, published, quote } from "./published";
export { verdictOf } from "./words";
