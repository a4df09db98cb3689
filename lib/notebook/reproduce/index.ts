export { checkManifest, makeManifest, readManifest } from "./manifest";
export { reproduce } from "./reproduce";
