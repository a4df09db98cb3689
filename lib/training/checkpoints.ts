import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { SafetensorsSource, writeSafetensors } from "../checkpoints/safetensors";
import { UserError } from "../errors";
import { writeFileAtomically } from "../files/atomic";
import { toLazyArrays, toTensor } from "../models/parameters";
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
const STATE = "state.safetensors";

interface Metadata {
  fingerprint: string;
  state: RunState;
}

/**
 * @param folder holds `step-N-EPOCH/` with tensors and metadata, and `best-EPOCH.safetensors`; undefined keeps the
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
  if (folder === undefined) return inMemory(trainable.parameters);
  const { parameters } = trainable;
  const bestFile = (epoch: number) => join(folder, `best-${epoch}.safetensors`);
  const fingerprint = fingerprintOf(trainable, data, options);
  const savedStep = () => {
    const last = completeSteps(folder).at(-1);
    return last === undefined ? undefined : Number(last.split("-")[1]);
  };
  /** Writes, or leaves nothing half-written and says what is still good. */
  const write = (action: () => void, cleanUp: () => void) => {
    try {
      tf.tidy(action);
    } catch (error) {
      cleanUp();
      if (!(error instanceof UserError)) throw error;
      throw new UserError(error.problem, `${error.remedy} ${whatIsGood(savedStep())}`, { cause: error });
    }
  };
  return {
    resume() {
      const last = completeSteps(folder).at(-1);
      if (last === undefined) return undefined;
      const { state, fingerprint: found } = readMetadata(join(folder, last, METADATA));
      if (found !== fingerprint) {
        throw new UserError(
          `${folder} holds a run of other options, data or base model`,
          "Choose another folder, or delete this one to start anew.",
        );
      }
      const source = new SafetensorsSource(join(folder, last, STATE));
      assignAll(parameters, source);
      optimiser.restore((name) => toTensor(source.read(name)));
      optimiser.step = state.step;
      return state;
    },
    savedStep,
    save(state) {
      const step = `step-${String(state.step).padStart(8, "0")}-${state.epoch}`;
      write(
        () => {
          const tensors = toLazyArrays([...parameters, ...optimiser.state()]);
          writeSafetensors(join(folder, step, STATE), tensors);
          const metadata: Metadata = { fingerprint, state };
          writeFileAtomically(join(folder, step, METADATA), `${JSON.stringify(metadata, null, 2)}\n`);
        },
        () => rmSync(join(folder, step), { recursive: true, force: true }),
      );
      const kept = [step, basename(bestFile(state.bestEpoch))];
      for (const name of readdirSync(folder)) {
        // What a kill left half-written goes too.
        if (isOurs(name) && !kept.includes(name)) rmSync(join(folder, name), { recursive: true });
      }
    },
    keepBest: (epoch) =>
      write(
        () => writeSafetensors(bestFile(epoch), toLazyArrays(parameters)),
        () => {},
      ),
    restoreBest(epoch) {
      assignAll(parameters, new SafetensorsSource(bestFile(epoch)));
    },
    dispose() {},
  };
}

function isOurs(name: string): boolean {
  return /^(step-\d+-\d+|best-\d+\.safetensors|\.best-.*\.tmp)$/.test(name);
}

/** Takes a run's checkpoints away, and their folder if it holds nothing else. */
export function removeCheckpoints(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (isOurs(name)) rmSync(join(folder, name), { recursive: true });
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Words on the last checkpoint, for errors. */
export function whatIsGood(step: number | undefined): string {
  return step === undefined ? "No checkpoint was kept." : `The checkpoint of step ${step} is good.`;
}

function inMemory(parameters: ReadonlyMap<string, tf.Variable>): Checkpoints {
  let best = new Map<string, tf.Tensor>();
  const forget = () => tf.dispose([...best.values()]);
  return {
    resume: () => undefined,
    save() {},
    savedStep: () => undefined,
    keepBest() {
      forget();
      best = new Map([...parameters].map(([name, variable]) => [name, variable.clone()]));
    },
    restoreBest() {
      for (const [name, variable] of parameters) variable.assign(best.get(name)!.clone());
    },
    dispose: forget,
  };
}

function assignAll(variables: ReadonlyMap<string, tf.Variable>, source: SafetensorsSource): void {
  for (const [name, variable] of variables) tf.tidy(() => variable.assign(toTensor(source.read(name))));
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
