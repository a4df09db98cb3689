export { type KnownBase, knownBases, type Terms } from "./known-bases";
export {
  type BaseModel,
  baseInputs,
  isAtHand,
  type ResolveOptions,
  readGgufModel,
  resolveBase,
} from "./resolve-base";
