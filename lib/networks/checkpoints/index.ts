export { folderRemedy } from "./folder-hints";
export { readGguf, writeGgufAsFolder } from "./gguf";
export { modelName, snapshotFolder } from "./hub-cache";
export { type HuggingFaceSource, openHuggingFaceFolder, readHuggingFaceFolder } from "./hugging-face";
export { tokenizerFolderOf } from "./hugging-face-files";
export { copyTokenizer, writeHuggingFaceFolder } from "./hugging-face-writer";
export { toArrays, toLazyArrays, toTensor, toVariable, toVariables } from "./parameters";
