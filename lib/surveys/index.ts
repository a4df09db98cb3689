export * from "./long-format";
export { type MappedPanelOptions, readMappedPanel } from "./mapped-panel";
export * from "./nls";
export * from "./nlsy-young-men";
export type { PanelMap, PanelRules } from "./panel-map";
export {
  type EmploymentStatus,
  employmentStatuses,
  isPsidDownload,
  type PsidOptions,
  type PsidRules,
  type PsidTable,
  psidRules,
  readPsid,
  readPsidTable,
  readPsidTables,
  type StatusRule,
} from "./psid";
export * from "./read-survey";
export * from "./synthetic";
