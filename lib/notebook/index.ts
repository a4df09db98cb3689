export { show } from "./display";
export { notebookFromMarkdown, readNotebook, writeNotebook } from "./document";
export { NotebookError } from "./failure";
export { type CellProgress, type RunOptions, type RunResult, runNotebook } from "./runner";
export { publish } from "./publish";
