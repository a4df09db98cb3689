export { aloneIn } from "./alone";
export { asUserError, writeFileAtomically } from "./atomic";
export { contentChunks, fileChunks, joined, longestLine } from "./chunks";
export { codeDigest } from "./code-digest";
export { type CsvOptions, readCsv } from "./csv";
export { dataFile, dataFolder, repositoryFolder, userDataFolder } from "./data-folder";
export { digest, fileDigest } from "./digest";
export { describeHolder, exclusively, type Holder } from "./exclusive";
export { fileName } from "./file-name";
export { homeFolder } from "./home";
export { parseJson } from "./json";
export { isFile, isFolder } from "./kind";
export { sweepLeftovers } from "./leftovers";
export { makeFolder } from "./make-folder";
export { checkMemory } from "./memory";
export { isInstalled, manifestOf } from "./optional-package";
export { checkOutputFile, checkOutputFolder, type OutputRules, outputFile } from "./output";
export { markPattern, ownMark } from "./owner";
export { readParquet } from "./parquet";
export { asReadError, isObject, largestJson, readJsonObject, readWhole } from "./read";
export { reasonOf } from "./reasons";
export { type ColumnKind, isRowsFile, rowsWriter } from "./rows-writer";
export {
  decodeBFloat16,
  decodeFloat16,
  elementCount,
  float16Table,
  type NamedArray,
  type NumberArray,
  readSafetensors,
  type SafetensorsOptions,
  SafetensorsSource,
  storedBytes,
  type TensorSource,
  type WritableArray,
  writeSafetensors,
} from "./safetensors";
export { damaged, readSealed, sealOf, writeSealed } from "./sealed";
export { separatorLine, separatorOf } from "./separator";
export { moveIntoPlace, withStaging } from "./staging";
export { checkNotStandIn, TELLING_BYTES } from "./stand-in";
export { Int32List, Table, type TableColumn, twiceNamed } from "./table";
export { temporaryFolder } from "./temporary";
export { decodeText } from "./text";
export { whileEnding } from "./while-ending";
export { looksLikeZip, type ZipEntry, zipEntries } from "./zip";
