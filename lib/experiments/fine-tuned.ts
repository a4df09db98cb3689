import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PanelSplit } from "../careers/split";
import { startEngine } from "../engine";
import { writeFileAtomically } from "../files/atomic";
import { type LanguageModel, readLanguageModel, writeLanguageModel } from "../models/language-model";
import { renderCareer, type TemplateOptions } from "../text/template";
import { fineTune } from "../training/fine-tune";
import type { TrainingOptions } from "../training/options";
import type { TrainingProgress } from "../training/progress";
import type { EpochRecord } from "../training/run-state";
import { fileDigest, runKey, runsFolder } from "./runs";

/** A fine-tuning as data: everything that its weights are a function of. */
export interface FineTuningConfiguration {
  /** Folder of the base model, in the layout of Hugging Face. */
  base: string;
  split: Pick<PanelSplit, "train" | "validation">;
  template: TemplateOptions;
  training: TrainingOptions;
}

/** A fine-tuned model and how it came about. */
export interface FineTuning {
  model: LanguageModel;
  history: EpochRecord[];
  bestEpoch: number;
}

/** The file that makes a kept run one: it is written last. */
const DONE = "fine-tuning.json";

/**
 * Fine-tunes as configured, or takes up what an earlier call left: the finished model, or the checkpoint of a
 * run that was killed.
 */
export async function fineTuned(
  configuration: FineTuningConfiguration,
  onProgress?: (progress: TrainingProgress) => void,
): Promise<FineTuning> {
  const { base, split, template, training } = configuration;
  const { engine, version } = await startEngine();
  const weights = fileDigest(join(base, "model.safetensors"));
  // The texts stand for careers, template and wording alike: they are all that the model sees.
  const texts = [split.train, split.validation].map(({ careers }) =>
    careers.map((c) => renderCareer(c, template)),
  );
  const folder = join(runsFolder(), runKey(weights, texts, training, engine, version));
  const done = join(folder, DONE);
  if (existsSync(done)) {
    const { history, bestEpoch } = JSON.parse(readFileSync(done, "utf8"));
    return { model: readLanguageModel(folder), history, bestEpoch };
  }
  const checkpoints = join(folder, "checkpoints");
  const model = readLanguageModel(base);
  // A notebook's stop button, and Ctrl-C, send SIGINT: the run ends with a checkpoint, not in the background.
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  process.once("SIGINT", stop);
  const control = { folder: checkpoints, checkpointEvery: 50, onProgress, signal: interrupt.signal };
  const result = await fineTune(model, split, template, training, control).finally(() =>
    process.removeListener("SIGINT", stop),
  );
  writeLanguageModel(folder, model, base);
  writeFileAtomically(done, `${JSON.stringify(result, null, 2)}\n`);
  rmSync(checkpoints, { recursive: true });
  return { model, ...result };
}
