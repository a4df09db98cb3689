import * as tf from "@tensorflow/tfjs";
import type { EngineInfo } from "./engine-info";
import { registerWasmKernels } from "./wasm-kernels";

/** Loads the WebAssembly backend with our kernels; one thread under Node. */
export async function loadWasm(): Promise<EngineInfo> {
  const wasm = require("@tensorflow/tfjs-backend-wasm") as typeof import("@tensorflow/tfjs-backend-wasm");
  // Before the backend is made: kernels are set up then.
  registerWasmKernels();
  await tf.setBackend("wasm");
  return {
    engine: "wasm",
    version: wasm.version_wasm,
    device: "CPU",
    threads: wasm.getThreadsCount(),
    tfjs: tf.version.tfjs,
    source: "npm package",
  };
}
