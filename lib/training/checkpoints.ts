import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { readSafetensors, writeSafetensors } from "../checkpoints/safetensors";
import { UserError } from "../errors";
import { writeFileAtomically } from "../files/atomic";
import { assignArrays, toArrays } from "../models/parameters";
import type { AdamW } from "./adamw";
import type { TrainingOptions } from "./options";
import type { RunState } from "./run-state";
import type { Trainable, TrainingData } from "./trainable";

/** What a run keeps while it goes: the best weights so far, and, in a folder, all that it needs to go on. */
export interface Checkpoints {
  /** Puts the model and the optimiser where the folder's last checkpoint left them. */
  resume(): RunState | undefined;
  save(state: RunState): void;
  /** Step of the last checkpoint on disk. */
  savedStep(): number | undefined;
  keepBest(epoch: number): void;
  restoreBest(epoch: number): void;
  dispose(): void;
}

/** The file that makes a checkpoint one: it is written last. */
const METADATA = "run.json";

interface Metadata {
  fingerprint: string;
  state: RunState;
}

/**
 * @param folder holds `step-N/` with tensors and metadata, and `best-EPOCH.safetensors`; undefined keeps the
 *   best weights in memory only
 * @throws UserError on resuming if the folder holds a run of other options, data or model
 */
export function openCheckpoints<Example>(
  folder: string | undefined,
  trainable: Trainable<Example>,
  optimiser: AdamW,
  data: TrainingData<Example>,
  options: TrainingOptions,
): Checkpoints {
  let best = new Map<string, tf.Tensor>();
  const forgetBest = () => tf.dispose([...best.values()]);
  const bestFile = (epoch: number) => join(folder!, `best-${epoch}.safetensors`);
  const fingerprint = folder === undefined ? "" : fingerprintOf(trainable, data, options);
  const { parameters } = trainable;
  return {
    resume() {
      if (folder === undefined) return undefined;
      const last = completeSteps(folder).at(-1);
      if (last === undefined) return undefined;
      const { state, fingerprint: found } = readMetadata(join(folder, last, METADATA));
      if (found !== fingerprint) {
        throw new UserError(
          `${folder} holds a run of other options, data or base model`,
          "Choose another folder, or delete this one to start anew.",
        );
      }
      const { tensors } = readSafetensors(join(folder, last, "state.safetensors"));
      assignArrays(parameters, tensors);
      assignArrays(optimiser.state(), tensors);
      optimiser.step = state.step;
      if (state.bestEpoch > 0) {
        const { tensors: weights } = readSafetensors(bestFile(state.bestEpoch));
        forgetBest();
        best = new Map(
          [...weights].map(([name, { values, shape }]) => [name, tf.tensor(values as Float32Array, shape)]),
        );
      }
      return state;
    },
    save(state) {
      if (folder === undefined) return;
      const step = `step-${String(state.step).padStart(8, "0")}-${state.epoch}`;
      const tensors = toArrays([...parameters, ...optimiser.state()]);
      writeSafetensors(join(folder, step, "state.safetensors"), tensors);
      const metadata: Metadata = { fingerprint, state };
      writeFileAtomically(join(folder, step, METADATA), `${JSON.stringify(metadata, null, 2)}\n`);
      for (const older of completeSteps(folder)) {
        if (older < step) rmSync(join(folder, older), { recursive: true });
      }
      for (const file of readdirSync(folder)) {
        if (/^best-\d+\.safetensors$/.test(file) && file !== `best-${state.bestEpoch}.safetensors`) {
          rmSync(join(folder, file));
        }
      }
    },
    savedStep() {
      const last = folder === undefined ? undefined : completeSteps(folder).at(-1);
      return last === undefined ? undefined : Number(last.split("-")[1]);
    },
    keepBest(epoch) {
      forgetBest();
      best = new Map([...parameters].map(([name, variable]) => [name, variable.clone()]));
      if (folder !== undefined) writeSafetensors(bestFile(epoch), toArrays(best));
    },
    restoreBest(epoch) {
      // Where no epoch was best the loss was never a number; the last weights stay.
      if (epoch === 0) return;
      for (const [name, variable] of parameters) variable.assign(best.get(name)!.clone());
    },
    dispose: forgetBest,
  };
}

/** Names of the checkpoints whose metadata is there, oldest first. */
function completeSteps(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith("step-") && existsSync(join(folder, name, METADATA)))
    .sort();
}

function readMetadata(path: string): Metadata {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UserError(`${path} is damaged`, "Delete the run's folder to start anew.", { cause: error });
  }
}

/** What a run is a function of: its options, its examples, the model it starts from. */
function fingerprintOf<Example>(
  trainable: Trainable<Example>,
  data: TrainingData<Example>,
  options: TrainingOptions,
): string {
  const hash = createHash("sha256").update(JSON.stringify([options, trainable.configuration ?? null]));
  for (const examples of [data.training, data.validation]) {
    hash.update(`${examples.length}`);
    for (const example of examples) hash.update(trainable.fingerprint(example));
  }
  for (const tensors of [trainable.parameters, trainable.frozen ?? new Map<string, tf.Tensor>()]) {
    for (const [name, tensor] of tensors) hash.update(name).update(tensor.dataSync());
  }
  return hash.digest("hex");
}
