export type { EngineInfo, EngineName } from "./engine-info";
export { engineInfo, startEngine } from "./start";
