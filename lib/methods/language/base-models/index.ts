export { knownBases } from "./known-bases";
export { type BaseModel, baseInputs, isAtHand, resolveBase } from "./resolve-base";
