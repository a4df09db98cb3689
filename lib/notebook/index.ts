export { show } from "./display";
export { notebookFromMarkdown, readNotebook, writeNotebook } from "./document";
export { NotebookError } from "./failure";
export { publish } from "./publish";
export { type CellProgress, type RunOptions, type RunResult, runNotebook } from "./runner";
