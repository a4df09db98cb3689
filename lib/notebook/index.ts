export { show } from "./display";
export { NotebookError } from "./failure";
export { jupyterFolders, jupyterOfPrefix, jupyterOfUser, prefixOf, userFolderOf } from "./jupyter-folders";
export { isOurs, kernelFile, kernelSpec, readKernelSpec, registerKernel, removeKernel } from "./kernel-spec";
export { publish, publishFindings } from "./publish";
export { checkManifest, makeManifest, readManifest, reproduce } from "./reproduce";
export type { CellProgress, RunResult } from "./runner";
