export { type GgufModel, readGguf } from "./read-gguf";
