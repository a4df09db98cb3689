export * from "./gguf";
export * from "./hugging-face";
export type { DType, NamedArray, NumberArray } from "./named-array";
export {
  readSafetensors,
  type SafetensorsFile,
  type SafetensorsOptions,
  type WritableArray,
  writeSafetensors,
} from "./safetensors";
