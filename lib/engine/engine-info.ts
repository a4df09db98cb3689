import type { EngineName } from "../session";

/** What a table or a bug report must say about the machine that made it. */
export interface EngineInfo {
  engine: EngineName;
  /** TensorFlow's version, or TensorFlow.js's where that does the work itself. */
  version: string;
  /** "CPU" or the name of the graphics card. */
  device: string;
  /** Threads that one operation may use. */
  threads: number;
  /** Version of TensorFlow.js. */
  tfjs: string;
  /** Where the engine came from. */
  source: "official addon" | "built addon" | "npm package";
}
