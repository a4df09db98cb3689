import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { DamagedFile, UserError } from "../../errors";
import {
  damaged,
  fileDigest,
  readSealed,
  SafetensorsSource,
  type WritableArray,
  writeSafetensors,
  writeSealed,
} from "../../files";
import { toLazyArrays, toTensor } from "../checkpoints";
import type { AdamW } from "./adamw";
import type { TrainingOptions } from "./options";
import type { RunState } from "./run-state";
import type { Trainable, TrainingData } from "./trainable";

/** What a run keeps while it goes: the best weights so far, and, in a folder, all that it needs to go on. */
export interface Checkpoints {
  /**
   * Puts the model and the optimiser where the folder's last sound checkpoint left them. One that is damaged goes away,
   * and standard error says so.
   */
  resume(): RunState | undefined;
  save(state: RunState): void;
  /** Step of the last checkpoint on disk. */
  savedStep(): number | undefined;
  keepBest(epoch: number): void;
  /** @throws DamagedFile */
  restoreBest(epoch: number): void;
  dispose(): void;
}

/** The file that makes a checkpoint one: it is written last. */
const METADATA = "run.json";
const STATE = "state.safetensors";

interface Metadata {
  fingerprint: string;
  state: RunState;
  /** SHA-256 of the tensors, and of the best weights so far, where there are some. */
  sha256: { state: string; best?: string };
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
  /** Of the best weights so far. */
  let best: string | undefined;
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
      const sound = lastSound(folder, bestFile);
      if (sound === undefined) return undefined;
      const { step, state, fingerprint: found, sha256 } = sound;
      if (found !== fingerprint) {
        throw new UserError(
          `${folder} holds a run of other options, data or base model`,
          "Choose another folder, or delete this one to start anew.",
        );
      }
      best = sha256.best;
      const source = new SafetensorsSource(join(folder, step, STATE));
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
          const sha256 = { state: writeHashed(join(folder, step, STATE), tensors), best };
          const metadata: Metadata = { fingerprint, state, sha256 };
          writeSealed(join(folder, step, METADATA), metadata);
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
        () => {
          best = writeHashed(bestFile(epoch), toLazyArrays(parameters));
        },
        () => {},
      ),
    restoreBest(epoch) {
      checkDigest(bestFile(epoch), best);
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

/** The last checkpoint all of whose files are as they were written. Later ones go away, and standard error says so. */
function lastSound(
  folder: string,
  bestFile: (epoch: number) => string,
): (Metadata & { step: string }) | undefined {
  const steps = completeSteps(folder);
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    try {
      const metadata = readSealed<Metadata>(join(folder, step, METADATA));
      const { sha256, state } = metadata;
      checkDigest(join(folder, step, STATE), sha256.state);
      if (state.bestEpoch > 0) checkDigest(bestFile(state.bestEpoch), sha256.best);
      return { ...metadata, step };
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      const earlier = steps.at(-1);
      const from = earlier === undefined ? "starts anew" : `goes on from ${earlier}`;
      process.stderr.write(`${error.problem}; the fit ${from}\n`);
      rmSync(join(folder, step), { recursive: true, force: true });
    }
  }
  return undefined;
}

/** @throws DamagedFile where a file is not there or has another SHA-256 */
function checkDigest(path: string, sha256: string | undefined): void {
  if (!existsSync(path) || fileDigest(path) !== sha256) throw damaged(path);
}

/** Writes tensors. @returns the file's SHA-256, of what was meant to be written */
function writeHashed(path: string, tensors: ReadonlyMap<string, WritableArray>): string {
  const hash = createHash("sha256");
  writeSafetensors(path, tensors, { onBytes: (bytes) => hash.update(bytes) });
  return hash.digest("hex");
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
