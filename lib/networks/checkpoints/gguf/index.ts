export { readGguf } from "./read-gguf";
export { writeGgufAsFolder } from "./write-folder";
