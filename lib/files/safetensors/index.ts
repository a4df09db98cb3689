export { decodeBFloat16, decodeFloat16, float16Table } from "./half-precision";
export { elementCount, type NamedArray, type NumberArray, type TensorSource } from "./named-array";
export { type SafetensorsOptions, storedBytes, type WritableArray, writeSafetensors } from "./safetensors";
export { readSafetensors, SafetensorsSource } from "./safetensors-reader";
