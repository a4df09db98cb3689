export { knownBases } from "./known-bases";
export { type BaseModel, baseInputs, isAvailable, resolveBase } from "./resolve-base";
