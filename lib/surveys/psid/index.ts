export { type EmploymentStatus, employmentStatuses } from "./codes";
export type { Column } from "./column";
export { type PsidRules, psidRules, type StatusRule } from "./options";
export { type PsidOptions, readPsid } from "./read-psid";
export { psidOptionsOfText } from "./rules-of-text";
export { isPsidDownload, type PsidTable, readPsidTable, readPsidTables } from "./table";
export { type Concept, PsidVariables, readPsidVariables } from "./variables";
