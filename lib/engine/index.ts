export { cacheFolder, inCache, verifyNative } from "./cache";
export { installNative } from "./install";
export { downloadWheels, findPython } from "./python";
export { engineInfo, startEngine } from "./start";
export { unpackWheel } from "./unpack";
export type { Wheel } from "./wheels";
