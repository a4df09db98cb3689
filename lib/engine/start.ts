import * as tf from "@tensorflow/tfjs";
import { UserError } from "../errors";
import { processes, rangeText } from "../ranges";
import { currentSession, type EngineName, engineNames } from "../session";
import type { EngineInfo } from "./engine-info";
import { loadNative } from "./native";
import { loadWasm } from "./wasm";

const loaded = new Map<EngineName, EngineInfo>();
let current: EngineInfo | undefined;
let pending: Promise<unknown> = Promise.resolve();

/**
 * Starts the engine that runs the tensors, the fastest that is there: TensorFlow's native library, else
 * WebAssembly, else plain JavaScript. Call it before the first tensor is made. A second call returns what runs;
 * a call that names another engine switches to it, and tensors made before stay readable.
 * @param options.engine forces one; so does the session (LABOR_LLM_ENGINE)
 * @throws UserError where the forced engine is not there
 */
export function startEngine(options: { engine?: EngineName } = {}): Promise<EngineInfo> {
  const started = pending.then(() => start(options.engine));
  pending = started.catch(() => undefined);
  return started;
}

/** The engine that runs, undefined before `startEngine`. */
export function engineInfo(): EngineInfo | undefined {
  return current;
}

async function start(wanted: EngineName | undefined): Promise<EngineInfo> {
  if (wanted === undefined && current !== undefined) return current;
  const forced = wanted === undefined ? currentSession().engine : checked(wanted);
  checkThreads();
  quietBanner();
  for (const name of forced === undefined ? engineNames : [forced]) {
    const info = loaded.get(name) ?? (await load(name, forced !== undefined));
    if (info === undefined || !(await tf.setBackend(name))) continue;
    loaded.set(name, info);
    current = info;
    return info;
  }
  throw new Error(`no engine started (tried ${forced ?? engineNames.join(", ")})`);
}

async function load(name: EngineName, forced: boolean): Promise<EngineInfo | undefined> {
  if (name === "cpu") {
    const version = tf.version.tfjs;
    return { engine: "cpu", version, device: "CPU", threads: 1, tfjs: version, source: "npm package" };
  }
  if (name === "wasm") return loadWasm();
  const native = loadNative();
  if ("engine" in native) return native;
  const remedy = "`npx labor-llm engine --install` gets it; LABOR_LLM_ENGINE=wasm does without.";
  if (forced) throw new UserError(`the engine "tensorflow" is not there: ${native.why}`, remedy);
  if (native.broken) process.stderr.write(`TensorFlow is not used: ${native.why}. ${remedy}\n`);
  return undefined;
}

function checked(value: EngineName): EngineName {
  if (engineNames.includes(value)) return value;
  throw new UserError(`engine: "${value}" is not an engine`, `Choose one of ${engineNames.join(", ")}.`);
}

/** What sets the number of threads, which TensorFlow reads for itself. 0 leaves the choice to it. */
const threadVariables = ["TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"];
const threads = { ...processes, least: 0 };

/** @throws UserError for a number of threads that TensorFlow would not take as it stands */
function checkThreads(): void {
  for (const name of threadVariables) {
    const value = process.env[name];
    if (!value || (/^\d+$/.test(value) && Number(value) <= threads.most)) continue;
    throw new UserError(
      `${name}: "${value}" is no number of threads`,
      `Give a whole number ${rangeText(threads)}.`,
    );
  }
}

/** The JavaScript backend greets on first use with advice to install what we install anyway. */
function quietBanner(): void {
  const backend = tf.findBackend("cpu") as { firstUse?: boolean } | null;
  if (backend !== null) backend.firstUse = false;
}
