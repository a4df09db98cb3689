export * from "./hugging-face";
export { type DType, type NamedArray, type NumberArray, sourceOf, type TensorSource } from "./named-array";
export {
  readSafetensors,
  type SafetensorsFile,
  type SafetensorsOptions,
  type WritableArray,
  writeSafetensors,
} from "./safetensors";
