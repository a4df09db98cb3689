import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { findAddons } from "./addons";
import { muteFile } from "./cache";
import type { EngineInfo } from "./engine-info";
import { gpuName } from "./nvidia";

/** Why there is no native engine, in words that complete "TensorFlow is not there: …". */
export interface NativeFailure {
  why: string;
  /** Something is there and does not work, which the user should hear. */
  broken: boolean;
}

/**
 * Loads TensorFlow and registers it as the backend "tensorflow": the official addon where its installer ran,
 * else the one that we built.
 */
export function loadNative(): EngineInfo | NativeFailure {
  const { addons, damaged } = findAddons();
  const failures = [...damaged];
  for (const { path, source } of addons) {
    try {
      return register(loadBinding(path), source);
    } catch (error) {
      failures.push(`${path} does not load (${firstLine(error)})`);
    }
  }
  return failures.length === 0
    ? { why: "it is not installed", broken: false }
    : { why: failures.join("; "), broken: true };
}

function loadBinding(path: string): TFJSBinding {
  // TensorFlow reads both when it loads. oneDNN is off by default on AMD, where it makes batched products three
  // times as fast.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= "1";
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  const muting = join(dirname(path), muteFile);
  if (process.env.TF_CPP_MIN_LOG_LEVEL === "0" || !existsSync(muting)) return require(path) as TFJSBinding;
  const standardError = require(muting) as { mute(): void; unmute(): void };
  standardError.mute();
  try {
    return require(path) as TFJSBinding;
  } finally {
    standardError.unmute();
  }
}

function register(binding: TFJSBinding, source: EngineInfo["source"]): EngineInfo {
  restoreUtil();
  require("@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js");
  const { NodeJSKernelBackend: Backend } =
    require("@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js") as {
      NodeJSKernelBackend: typeof NodeJSKernelBackend;
    };
  tf.registerBackend("tensorflow", () => new Backend(binding, "@tensorflow/tfjs-node-gpu"), 3);
  return {
    engine: "tensorflow",
    version: binding.TF_Version,
    device: binding.isUsingGpuDevice() ? gpuName() : "CPU",
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
    tfjs: tf.version.tfjs,
    source,
  };
}

/** tfjs-node calls two functions that Node 22 warns of and Node 23 took away. */
function restoreUtil(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
