export { show } from "./display";
export { notebookFromMarkdown, readNotebook, writeNotebook } from "./document";
export { NotebookError } from "./failure";
export { registerKernel } from "./kernel-spec";
export { publish, publishFindings } from "./publish";
export { type ReportOptions, writeReport } from "./report";
export { type CellProgress, type RunOptions, type RunResult, runNotebook } from "./runner";
